"""The deal's own card: who promises what to whom, and by when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sim.experiments.compliance import due_words
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def deal_card(scenario: Scenario) -> dict[str, Any]:
    """Return the card of a deal: its promises, or where it declares none, what its sections commit whom to.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    dict
        Parties, and rows with ``by``, ``to``, ``what``, ``due`` (words; empty for the whole time) and ``measure``, the
        name of the share of worlds in which it was kept (empty where nobody keeps count).

    Examples
    --------
    >>> import sim
    >>> deal_card(sim.load("doha_2020/baseline"))["rows"][2]["what"]
    '5,000 Taliban prisoners freed'
    """
    words = words_of(scenario)
    rows = [
        {
            "by": words.actor(promise.by),
            "to": ", ".join(words.actor(name) for name in promise.to) or "all",
            "what": words.of("promise", name),
            "due": due_words(scenario, name) or "all the time",
            "measure": name,
        }
        for name, promise in scenario.deal.promises.items()
    ]
    parties = [capital(words.actor(name)) for name in scenario.actors]
    return {"parties": parties, "rows": rows or _commitments(scenario)}


def _commitments(scenario: Scenario) -> list[dict[str, Any]]:
    """List what captives, stocks, withdrawal and talks commit whom to."""
    words, deal = words_of(scenario), scenario.deal
    rows: list[dict[str, Any]] = []

    def add(by: str, to: str, what: str, due: str = "") -> None:
        rows.append({"by": by, "to": to, "what": what, "due": due, "measure": ""})

    for name, group in deal.captives.items():
        count = group.held if group.promised is None else group.promised
        freed = f"{count:,.6g} {words.of('group', name)} freed"
        add(words.actor(group.holder), words.actor(group.claimant), freed)
    for name, stock in deal.stocks.items():
        count = stock.held if stock.promised is None else stock.promised
        to = "all" if stock.claimant is None else words.actor(stock.claimant)
        add(words.actor(stock.holder), to, f"{words.of('stock', name)}: {count:,.6g} {stock.unit} handed over")
    for name, troops in deal.withdrawal.items():
        for step in troops.steps:
            due = (scenario.start + dt.timedelta(days=step.day)).isoformat()
            add(words.actor(troops.owner), "all", f"{words.of('foreign', name)} down to {step.left:,.6g}", due)
    if deal.talks is not None:
        between = [words.actor(name) for name in deal.talks.between]
        due_date = "" if deal.talks.due is None else deal.talks.due.isoformat()
        add(" and ".join(between), "", "talks with each other", due_date)
    return rows
