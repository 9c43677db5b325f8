"""Golden results: the committed ones hold, and every kind of change is caught."""

import pytest

import sim
from sim.errors import StoreError
from sim.scenario import builtin_names
from tools import golden as module
from tools.golden import (
    FOLDER,
    REGENERATE,
    check_golden,
    golden_names,
    golden_of,
    main,
    read_golden,
    write_golden,
)

SMALL = "toys/two_actors"
ELSEWHERE = "macos arm64 macos-15 -"


@pytest.fixture(scope="module")
def golden():
    """Return today's golden result of a small scenario."""
    return golden_of(SMALL, runs=400)


@pytest.mark.parametrize("name", builtin_names())
def test_committed_results_hold(name):
    """Each built-in scenario gives its committed result at the level that this platform allows."""
    check = check_golden(read_golden(name))
    assert check.holds, check.message


def test_every_built_in_scenario_has_a_golden_result():
    """There is one golden result for each built-in scenario and none besides."""
    assert golden_names() == builtin_names()


def test_today_is_identical(golden):
    """What was written on this platform with these sources is found again to the bit."""
    assert check_golden(golden).level == "identical"


@pytest.mark.parametrize("field", ["digest", "replications_digest"])
def test_another_digest_is_a_difference(golden, field):
    """On the same platform another digest of the run or of its replications fails and says how to regenerate."""
    check = check_golden({**golden, field: "ab" * 32})
    assert (check.level, check.holds) == ("different", False)
    assert "the sources of the model are the same" in check.message
    assert REGENERATE in check.message


def test_a_changed_model_is_named(golden):
    """If the sources of the model were changed since, the message says so."""
    check = check_golden({**golden, "digest": "ab" * 32, "model_source_digest": "cd" * 32})
    assert "the sources of the model were changed since (cdcdcdcdcdcd -> " in check.message
    assert REGENERATE in check.message


def test_a_changed_scenario_is_named(golden):
    """If the scenario was changed since, nothing is compared; the message says how to regenerate."""
    check = check_golden({**golden, "scenario_sha256": "ab" * 32})
    assert not check.holds
    assert "the scenario was changed" in check.message
    assert REGENERATE in check.message


def test_last_bits_of_another_platform(golden):
    """On another platform a last bit in the outcome is the same outcome; digests are not asked for."""
    outcome = {**golden["outcome"], "balance_of_force": golden["outcome"]["balance_of_force"] * (1 + 1e-15)}
    elsewhere = {**golden, "platform_fingerprint": ELSEWHERE, "outcome": outcome, "digest": "ab" * 32}
    assert check_golden(elsewhere).level == "same_outcome"


def test_another_course_on_another_platform(golden):
    """On another platform another course of the run is accepted if the shares of outcomes agree."""
    outcome = {**golden["outcome"], "deaths": golden["outcome"]["deaths"] + 1}
    check = check_golden({**golden, "platform_fingerprint": ELSEWHERE, "outcome": outcome})
    assert check.level == "statistically_equivalent"
    assert "of 400 replications" in check.message


def test_other_shares_on_another_platform(golden):
    """Another course and other shares of outcomes are a difference on any platform."""
    outcome = {**golden["outcome"], "deaths": golden["outcome"]["deaths"] + 1}
    largest = max(golden["shares"], key=lambda share: share["count"])
    shares = [{**share, "count": 0} for share in golden["shares"]]
    moved = next(share for share in shares if share["outcome"] != largest["outcome"])
    moved["count"] = sum(share["count"] for share in golden["shares"])
    check = check_golden({**golden, "platform_fingerprint": ELSEWHERE, "outcome": outcome, "shares": shares})
    assert check.level == "different"
    assert REGENERATE in check.message


def test_writing_and_checking(tmp_path, capsys):
    """What --write writes is found identical by a check; the golden result of a scenario that is gone is removed."""
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "old.json").write_text("{}")
    write_golden([SMALL], tmp_path, runs=200)
    assert golden_names(tmp_path) == (SMALL,)
    assert read_golden(SMALL, tmp_path)["digest"] == sim.run(sim.load(SMALL), seed=7).digest
    assert main([SMALL, "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"{SMALL}: identical: ")


def test_the_command_says_no(tmp_path, capsys, monkeypatch):
    """The command exits with 1 if a golden result differs and with 2 if there is none."""
    write_golden([SMALL], tmp_path, runs=200)
    monkeypatch.setattr(module, "SEED", 8)
    assert main([SMALL, "--folder", str(tmp_path)]) == 1
    assert REGENERATE in capsys.readouterr().out
    assert main(["doha_2020/baseline", "--folder", str(tmp_path)]) == 2
    assert REGENERATE in capsys.readouterr().err


def test_a_missing_golden_result(tmp_path):
    """A scenario without a golden result is told how to get one."""
    with pytest.raises(StoreError, match="expected the golden result of toys/two_actors"):
        read_golden(SMALL, tmp_path)


def test_the_folder_of_a_checkout():
    """Golden results live in results/golden beside the package."""
    assert FOLDER.parts[-2:] == ("results", "golden")
