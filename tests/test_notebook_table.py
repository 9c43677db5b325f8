"""Results of games show themselves as tables in notebooks, with what they say about their own trustworthiness."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import sim.games
from sim.notebook_table import MOST_CELLS, NotebookTable, html_of


class Balance(HTMLParser):
    """Checks that every tag that is opened is closed, in order, and collects the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Remember a tag that has to be closed."""
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.said.append(data)


def read(html: str) -> str:
    """Return the text of well-formed HTML."""
    balance = Balance()
    balance.feed(html)
    balance.close()
    assert not balance.open
    return " ".join(balance.said)


def dataclasses_of_games() -> Iterator[type]:
    """Yield every public dataclass of the package."""
    for module in pkgutil.walk_packages(sim.games.__path__, "sim.games."):
        found = importlib.import_module(module.name)
        for name, one in vars(found).items():
            here = isinstance(one, type) and one.__module__ == found.__name__
            if here and dataclasses.is_dataclass(one) and not name.startswith("_"):
                yield one


KINDS = ("game", "profile", "profiles", "offers", "conflict", "stability", "contest", "zero sum", "dilemma")


@functools.cache
def results() -> dict[str, Any]:
    """Return one result of each kind that a call gives, small."""
    games = sim.games
    chicken = games.NormalForm([[[0, 7], [2, 6]], [[0, 2], [7, 6]]])
    conflict = games.Conflict.from_options(
        {"a": ["defect_a"], "b": ["defect_b"]}, {"a": ["YN", "NN", "YY", "NY"], "b": ["NY", "NN", "YY", "YN"]}
    )
    return {
        "game": chicken,
        "profile": chicken.logit_qre(1.0),
        "profiles": chicken.mixed_nash(),
        "offers": games.rubinstein(0.9, 0.8),
        "conflict": conflict,
        "stability": games.stability(conflict),
        "contest": games.tullock_contest([2.0, 1.0]),
        "zero sum": games.matrix_game_value([[1.0, -1.0], [-1.0, 1.0]]),
        "dilemma": games.PrisonersDilemma(5.0, 3.0, 1.0, 0.0),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_is_well_formed_and_says_its_fields(kind: str) -> None:
    """The HTML closes what it opens; a result of the common table names every field."""
    assert tuple(results()) == KINDS
    result = results()[kind]
    said = read(result._repr_html_())
    assert said
    if isinstance(result, NotebookTable):
        for field in dataclasses.fields(result):  # type: ignore[arg-type]
            assert field.name.replace("_", " ") in said


def test_whatever_says_that_it_converged_shows_it() -> None:
    """Every dataclass with `converged` or `proved` has a table of its own or the common one, not its repr alone."""
    told = [
        one for one in dataclasses_of_games() if {"converged", "proved"} & {f.name for f in dataclasses.fields(one)}
    ]
    assert len(told) > 15
    inner = {"FixedPoint", "Followed", "ExtremeEquilibria", "Curve", "PolynomialEnumeration"}
    assert [one.__name__ for one in told if not hasattr(one, "_repr_html_") and one.__name__ not in inner] == []


def test_results_stay_small_and_frozen() -> None:
    """The table adds no attribute dictionary to classes with slots, and does not touch the repr."""
    agreement = sim.games.rubinstein(0.5, 0.5)
    assert not hasattr(agreement, "__dict__")
    assert repr(agreement).startswith("OffersAgreement(")


def test_text_is_escaped() -> None:
    """What a user typed is shown as typed and never as markup."""

    @dataclass(frozen=True, slots=True)
    class Named(NotebookTable):
        """Has a text and a list of texts."""

        name: str
        others: tuple[str, ...]
        table: dict[str, str]

    html = Named("<script>", ("<b>", "&"), {"<i>": "x"})._repr_html_()
    assert "<script>" not in html
    assert "<i>" not in html
    assert "<script>" in read(html)


def test_large_values_are_cut() -> None:
    """A large array shows its shape, a long list its length, a long text an ellipsis."""
    assert html_of(np.zeros((100, 100))) == "array of 100 × 100"
    assert html_of(np.zeros((2, 2, 2))) == "array of 2 × 2 × 2"
    assert html_of(list(range(1000))).endswith("… 1,000 in all")
    assert html_of(list(range(1000))).count(",") < MOST_CELLS + 5
    assert len(html_of("x" * 10_000)) < 400


def test_numbers_arrays_and_missing_values() -> None:
    """Six digits, yes and no, a dash for nothing, a matrix as rows."""
    assert html_of(True) == "yes"
    assert html_of(np.bool_(False)) == "no"
    assert html_of(None) == "—"
    assert html_of(np.array([0.1, 1 / 3])) == "0.1, 0.333333"
    assert html_of(np.eye(2)).count("<tr>") == 2
    assert "1" in html_of({"a": 1})
