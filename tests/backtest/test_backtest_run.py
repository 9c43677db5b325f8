"""Back-tests: nothing after the date enters, late numbers are replaced or refused by name, targets are scored."""

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.backtest import backtest, load_backtest
from sim.backtest.forecasts import goals_of, persistence
from sim.backtest.frozen import BEGINS, PLAY, Frozen
from sim.backtest.result import YARDSTICKS
from sim.backtest.uncertain import drawn_numbers
from sim.errors import ScenarioError, UsageError
from sim.experiments.priors import PriorRule
from sim.experiments.uncertain import draw, overrides
from sim.scenario.extends import builtin_root

FREEZE = dt.date(2005, 9, 1)


@pytest.fixture
def aceh(tmp_path) -> Path:
    """Copy scenario, record and back-test of Aceh into a folder tree of one's own; return the back-test file."""
    root = tmp_path / "scenarios"
    shutil.copytree(builtin_root() / "aceh_2005", root / "aceh_2005")
    shutil.copy(builtin_root() / "records" / "aceh_2005.csv", root / "aceh_2005" / "aceh_2005.csv")
    text = (builtin_root() / "backtests" / "aceh_2005.yaml").read_text(encoding="utf-8")
    file = root / "aceh_2005" / "own.yaml"
    file.write_text(text.replace("scenario: aceh_2005/baseline", "scenario: baseline.yaml"), encoding="utf-8")
    return file


def edited(file: Path, old: str, new: str) -> Path:
    """Replace a text that is there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_a_fact_after_the_date_leaves_the_forecast_as_it_was_to_the_bit(aceh):
    """Other arms, another end and another script after the date change what is scored, and no world."""
    before = backtest(aceh, FREEZE, draws=8, worlds=2)
    record = aceh.parent / "aceh_2005.csv"
    edited(record, "2005-12-19,,milestone(all_arms)", "2006-03-19,,milestone(all_arms)")
    edited(record, "amount_accepted(gam_arms),642,", "amount_accepted(gam_arms),310,")
    edited(aceh, "{date: 2005-09-15, move: first_round}", "{date: 2005-09-25, move: first_round}")
    after = backtest(aceh, FREEZE, draws=8, worlds=2)
    said = ["median", "low", "high"]
    assert before.table[said].equals(after.table[said])
    assert before.effective == after.effective
    assert before.prior_to_posterior == after.prior_to_posterior
    assert not before.table.observed.equals(after.table.observed)
    assert not before.table.crps_model.equals(after.table.crps_model)


def test_a_fact_before_the_date_is_weighed(aceh):
    """Another count by the date changes the weights."""
    before = backtest(aceh, FREEZE, draws=8, worlds=2)
    edited(
        aceh.parent / "aceh_2005.csv",
        "persons_freed(gam_prisoners),1722,1425,1924",
        "persons_freed(gam_prisoners),900,,",
    )
    assert backtest(aceh, FREEZE, draws=8, worlds=2).effective != before.effective


def test_the_error_of_a_counter_is_weighed_once():
    """However a world's own counter errs, its attacks weigh alike: the declared error is that of the counter."""
    case = load_backtest("doha_2020")
    found = []
    for ends in ([0.02, 0.03], [0.5, 0.6]):
        rule = PriorRule.model_validate({"prior": {"uniform": ends}, "because": "a careful counter and a careless one"})
        careful = dataclasses.replace(case, priors={**case.priors, "world.counter.lognormal_sd": rule})
        found.append(backtest(careful, "2020-05-17", draws=8, worlds=1))
    assert any(fact.observation.kind == "counted_attacks" for fact in found[0].evidence)
    assert found[0].effective == found[1].effective
    assert found[0].prior_to_posterior == found[1].prior_to_posterior
    counted = [one.table.set_index("target").loc["attacks_after_talks", "median"] for one in found]
    assert counted[0] != counted[1]  # what a counter would say of later attacks is forecast with its error


def test_weights_that_leave_nothing_are_not_used_and_it_is_said(aceh):
    """If hardly any world agrees with what was counted, forecasts are those of the priors, and the report says so."""
    edited(aceh, "{log_sd: 0.2,", "{log_sd: 0.00001,")
    found = backtest(aceh, FREEZE, draws=8, worlds=2)
    assert not found.weighted
    assert found.effective < 4.0
    assert found.weighing.endswith("fewer than 50: the weights are not used, forecasts are those of the priors")
    record = aceh.parent / "aceh_2005.csv"
    edited(record, "persons_freed(gam_prisoners),1722,1425,1924", "persons_freed(gam_prisoners),900,,")
    again = backtest(aceh, FREEZE, draws=8, worlds=2)
    assert not again.weighted
    said = ["median", "low", "high", "crps_model", "log_score_model"]
    assert again.table[said].equals(found.table[said])  # what was counted has no influence


def test_history_that_uses_a_later_fact_is_refused_by_name(aceh):
    """A number published after the date that a script makes use of before it is an error with its place."""
    edited(aceh, "{date: 2005-09-15, move: first_round}", "{date: 2005-08-20, move: first_round}")
    with pytest.raises(ScenarioError) as caught:
        Frozen(load_backtest(aceh), FREEZE)
    (problem,) = caught.value.problems
    assert problem.path.startswith("actors.gam.moves.first_round.hand_over.gam_arms")
    assert "public on 2005-09-19, used before 2005-09-01" in problem.found
    assert problem.line > 0


def test_scripts_are_cut_and_rules_play_from_the_day_after():
    """Until the date everybody follows the script; then each is called, under the profile with its own rule."""
    frozen = Frozen(load_backtest("aceh_2005"), FREEZE)
    actor = frozen.scenario.actors["government"]
    assert (actor.rule.response, actor.profiles[PLAY].rule.response) == ("scripted", "logit")
    assert [step.move for step in actor.script] == ["independence_day", "amnesty", "wait"]
    assert set(actor.moves) == {"wait", "implement", "go_slow", "offensive", "independence_day", "amnesty"}
    event = frozen.scenario.events[BEGINS]
    assert dict(event.becomes) == {"government": PLAY, "gam": PLAY}
    assert event.reviews == ("government", "gam")
    assert frozen.path("actors.gam.rule.lam_per_util") == "actors.gam.profiles.plays.rule.lam_per_util"


def test_a_number_that_knows_too_much_is_drawn_or_refused(aceh):
    """Without a prior for it, or with one that starts from its value, the back-test is refused by its name."""
    scenario = aceh.parent / "baseline.yaml"
    late = "vetting_per_day: {value: 1000, source: later, known_as_of: 2006-01-01}"
    edited(scenario, 'vetting_per_day: {value: 1000, assumption: "as in the Doha scenario"}', late)
    numbers = drawn_numbers(Frozen(load_backtest(aceh), FREEZE))
    assert [n.why_late for n in numbers if n.path.endswith("vetting_per_day")] == ["public since 2006-01-01"]
    own = 'priors: {"deal.captives.*.vetting_per_day": {times: {lognormal: [1, 0.1]}, because: nearly so}}\nobserved:'
    edited(aceh, "observed:", own)
    with pytest.raises(ScenarioError, match=r"vetting_per_day: found public since 2006-01-01, expected a number known"):
        drawn_numbers(Frozen(load_backtest(aceh), FREEZE))
    edited(scenario, late, 'vetting_per_day: {value: 1000, assumption: "ours"}')
    edited(
        scenario,
        'exponent: {value: 1, assumption: "as in the Doha scenario"}',
        "exponent: {value: 1, source: x, known_as_of: 2006-01-01}",
    )
    with pytest.raises(ScenarioError, match=r"world\.contest\.exponent.*Give the back-test a prior for it"):
        drawn_numbers(Frozen(load_backtest(aceh), FREEZE))


def test_persistence_of_what_is_counted_goes_by_whoever_counted_it():
    """On 15 March the last public count of attacks is the mission's of the autumn; it goes on, with an error."""
    frozen = Frozen(load_backtest("doha_2020"), dt.date(2020, 3, 15))
    (goal,) = [goal for goal in goals_of(frozen) if goal.name == "attacks_after_talks"]
    members = persistence(goal, frozen)
    assert np.median(members) == pytest.approx(89.17, rel=1e-2)
    assert np.log(members).std() == pytest.approx(0.25, rel=0.05)


def test_history_and_what_was_published_are_not_drawn():
    """Paces of the record stay what they were, and a published number varies by the error of its counter at most."""
    numbers = {n.path: n for n in drawn_numbers(Frozen(load_backtest("doha_2020"), dt.date(2020, 5, 17)))}
    assert not any(".first_batches." in path for path in numbers)
    assert "actors.government.moves.decree.release.per_day" not in numbers
    assert numbers["world.armed_forces.taliban_fighters.attacks.per_day"].factor.base == (89.0,)
    assert numbers["actors.government.moves.their_list.release.per_day"].factor.base == ()


def test_draws_keep_signs_and_replace_what_was_fitted():
    """Weights keep their signs, sizes come from the prior, and what was fitted to later facts does not stay."""
    frozen = Frozen(load_backtest("doha_2020"), dt.date(2020, 3, 15))
    numbers = drawn_numbers(frozen)
    points = draw(numbers, 16, seed=1)
    drawn = overrides(numbers, points)
    path = "actors.taliban.payoff.per_year.surge"
    values = np.array([one[path] for one in drawn])
    assert (values < 0).all()
    assert np.abs(values).min() >= 0.03
    assert np.abs(values).max() <= 0.6
    late = [n for n in numbers if n.why_late]
    assert len(late) > 50
    assert all("actors.us.rule.lam_per_util" not in one for one in drawn)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{row: all_arms, base_rate: {delays: 2005-12-31}}", "{row: all_arms}", "base_rate"),
        ("{row: all_arms, base_rate: {delays: 2005-12-31}}", "{row: al_arms, base_rate: {delays: 2005-12-31}}", "Did you mean 'all_arms'?"),  # noqa: E501
        ("{uniform: [0, 840]}", "{uniform: [840, 840]}", "a distribution with support"),
        ("{uniform: [0, 840]}", "{unifrm: [0, 840]}", "Did you mean 'uniform'?"),
        ("base_rate: {level: {uniform: [0, 840]}, because: \"anything between none and all\"}", "base_rate: {delays: 2005-12-31}", "level: a distribution"),  # noqa: E501
        ("days_ahead: 365", "days_ahead: 0", "at least 1"),
        ("schema_version: 1", "schema_version: 2", "the version of back-test files"),
        ("scenario: baseline.yaml", "scenario: bsline.yaml", "which does not exist"),
        ("log_sd: 0.2", "log_sd: 0", "greater than 0"),
        ("- {date: 2005-08-16, move: independence_day}", "- {move: independence_day}", "a date, such as"),
    ],
)  # fmt: skip
def test_malformed_files_are_refused_with_place_and_hint(aceh, old, new, words):
    """Each mistake has file, line and what was expected."""
    with pytest.raises(ScenarioError) as caught:
        Frozen(load_backtest(edited(aceh, old, new)), FREEZE)
    assert words in str(caught.value)
    assert all(problem.line > 0 for problem in caught.value.problems)


def test_sizes_dates_and_names_are_checked():
    """A date before the case or after its targets, a size or a name that is none, are refused."""
    with pytest.raises(UsageError, match="expected a day from 2005-08-15 on"):
        backtest("aceh_2005", "2005-01-01", draws=2, worlds=1)
    with pytest.raises(UsageError, match="no target that is still open"):
        backtest("aceh_2005", "2006-06-01", draws=2, worlds=1)
    with pytest.raises(UsageError, match="draws: found 0"):
        backtest("aceh_2005", FREEZE, draws=0)
    with pytest.raises(UsageError, match="expected a date such as"):
        backtest("aceh_2005", "soon")
    with pytest.raises(UsageError, match="Did you mean 'aceh_2005'"):
        load_backtest("aceh_2006/baseline")


def test_every_case_runs_in_small_with_every_yardstick():
    """Each case on its first date: every target has a score of the model, of coin flips and of the base rate."""
    for case in ("el_salvador_1992", "colombia_2016", "northern_ireland_1998", "doha_2020"):
        found = backtest(case, load_backtest(case).as_of[0], draws=4, worlds=1)
        table = found.table
        assert len(table) >= 5
        for forecast in ("model", "coin", "schedule", "base_rate"):
            assert np.isfinite(table[f"crps_{forecast}"]).all(), (case, forecast)
        assert set(found.scores) == {"model", *YARDSTICKS}
        assert "priors count alike" in found.weighing or "effective" in found.weighing
