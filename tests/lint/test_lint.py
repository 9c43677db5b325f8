"""Each check of ``sim.lint`` warns of what is hardly meant, says where, and is silent where nothing is wrong."""

import pytest
from lint_cases import DEAL, linted

from sim.lint import warnings_of
from sim.lint.ranges import Ranges
from sim.scenario import builtin_names, parse_condition
from sim.scenario.load import load

STATE, REBELS = "actors/state", "actors/rebels"


@pytest.mark.parametrize("name", builtin_names())
def test_built_in_scenarios_are_clean(name):
    """No built-in scenario has a warning."""
    assert warnings_of(load(name)) == []


def test_a_sensible_deal_is_clean(tmp_path):
    """The deal that all cases below spoil in one place has no warning."""
    assert linted(tmp_path) == []


def test_warnings_say_file_line_and_column(tmp_path):
    """A warning points at the value and says its path."""
    file = tmp_path / "deal.yaml"
    file.write_text(DEAL.replace("strength_thousand: 8", "strength_thousand: 7000"))
    (warning,) = warnings_of(load(str(file)))
    line = next(i for i, text in enumerate(DEAL.splitlines(), start=1) if "strength_thousand" in text)
    assert (warning.line, warning.column) == (line, 26)
    assert str(warning) == (
        f"{file}:{line}:26: world.armed_forces.fighters.strength_thousand: 7,000 thousand fighters: "
        "more than 2,000 is hardly plausible. Is the unit right?"
    )


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        # conditions
        ({f"{STATE}/moves/free/when": "day >= 5000"}, "actors.state.moves.free.when", "day is between 0 and 730"),
        ({f"{STATE}/moves/free/when": "date > 2033-01-01"}, "actors.state.moves.free.when", "never holds"),
        ({f"{STATE}/moves/free/when": "day > 50 and day < 20"}, "actors.state.moves.free.when", "never holds"),
        ({f"{STATE}/moves/free/when": "not day >= 0"}, "actors.state.moves.free.when", "never holds"),
        ({f"{STATE}/moves/free/when": "talks or day > 800"}, "actors.state.moves.free.when", "'day > 800' never holds"),
        ({"milestones/halfway": "persons_freed >= 401"}, "milestones.halfway.when", "between 0 and 400"),
        ({"milestones/halfway": "troop_count(army) <= 5000"}, "milestones.halfway.when", "always holds"),
        ({"milestones/halfway": "2 * accepted(arms) + talks > 3"}, "milestones.halfway.when", "never holds"),
        ({"deal/outcomes/done/when": "amount_accepted(arms) > 100"}, "deal.outcomes.done.when", "never holds"),
        ({"deal/promises/no_secret/keep": "happened(vote) <= 1"}, "deal.promises.no_secret.keep", "always holds"),
        ({f"{REBELS}/moves/disarm/hand_over/arms/tranches": [{"until_share": 1, "when": "happened(vote) > 1"}],
          f"{REBELS}/moves/disarm/hand_over/arms/per_day": None},
         "actors.rebels.moves.disarm.hand_over.arms.tranches.0.when", "never holds"),
        # moves
        ({f"{STATE}/moves/again": {"aid": 0.5, "cost_util": 0.1}}, "actors.state.moves.again", "'pay_less' does"),
        ({f"{STATE}/moves/idle": {}, f"{STATE}/moves/wait": {"guarantee": "written"}},
         "actors.state.moves.idle", "sets no lever"),
        # magnitudes
        ({"world/aid_flows/budget/usd_bn_per_year": 35000000}, "world.aid_flows.budget.usd_bn_per_year", "billion USD"),
        ({f"{STATE}/discount_per_year": 15}, "actors.state.discount_per_year", "discount rate"),
        ({f"{REBELS}/profiles/weary/discount_per_year": 15}, "actors.rebels.profiles.weary.discount_per_year", "15"),
        ({"deal/outcomes/failed_talks/per_day": 2}, "deal.outcomes.failed_talks.per_day", "as a hazard"),
        ({"deal/withdrawal/army/start": 5e6}, "deal.withdrawal.army.start", "5,000,000 troops"),
        ({"world/armed_forces/fighters/deaths_per_attack/mean": 800},
         "world.armed_forces.fighters.deaths_per_attack.mean", "800 deaths an attack"),
        ({"events/vote/set": {"world.armed_forces.fighters.strength_thousand": 9000}},
         "events.vote.set.world.armed_forces.fighters.strength_thousand", "9,000 thousand fighters"),
        # what nothing reads
        ({f"{REBELS}/payoff/per_year": {"day": 0.1}, "deal/promises/no_secret/keep": "talks"},
         "deal.captives.prisoners", "no payoff, condition or hazard reads it"),
        ({"deal/stocks/gold": {"holder": "rebels", "held": 5}}, "deal.stocks.gold", "reads it"),
        ({f"{STATE}/payoff/per_year/aid_lost": None}, "world.aid_flows.budget", "reads it"),
        ({f"{STATE}/payoff/per_year/cohesion": None}, "world.offices.presidency", "reads it"),
        ({f"{STATE}/payoff/per_year/reputation": None}, "world.reputation", "reputation, reputation_index, trust"),
        ({"deal/talks/breaks_down": None}, "world.profiteers", "breaks_down"),
        ({f"{STATE}/payoff/once": None}, "deal.promises.no_secret", "breaking it costs state nothing"),
        ({"events/vote/becomes": None}, "actors.rebels.profiles.weary", "no event brings this profile"),
        # record
        ({"record": "nowhere"}, "record", "no such record"),
        # what nothing touches
        ({f"{STATE}/payoff/per_year/threat": -0.1}, "actors.state.payoff.per_year.threat", "counts the same"),
        ({f"{REBELS}/payoff/per_year/on_offence(rebels)": -0.1},
         "actors.rebels.payoff.per_year.on_offence(rebels)", "counts the same"),
        ({f"{STATE}/payoff/beyond_window": {"attacks(bandits)": -0.1},
          "world/armed_forces/bandits": {"kind": "outside", "attacks": {"per_day": 1},
                                         "deaths_per_attack": {"mean": 1, "shape": 1}}},
         "actors.state.payoff.beyond_window.attacks(bandits)", "no move, event or mechanism"),
        # success
        ({f"{STATE}/payoff/at_outcome/done": 0.1}, "actors.state.payoff.at_outcome.done", "pays 0.1 util"),
        ({f"{STATE}/payoff/at_outcome/done": None}, "actors.state.payoff.at_outcome", "pays 0 util"),
    ],
)  # fmt: skip
def test_each_check_warns(tmp_path, change, path, message):
    """One spoilt place gives one warning, there and about it."""
    found = linted(tmp_path, change)
    assert [where for where, _ in found] == [path]
    assert message in found[0][1]


@pytest.mark.parametrize(
    "change",
    [
        # conditions
        {f"{STATE}/moves/free/when": "day >= 730"},
        {f"{STATE}/moves/free/when": "day < 0"},  # how a file takes a move away
        {"milestones/halfway": "persons_freed >= 400"},
        {"milestones/halfway": "troops > 1", "events/vote/set": {"deal.withdrawal.army.troops": 6000}},
        {"milestones/halfway": "happened(raid) >= 3", "events/raid": {"what": "a raid", "per_day": 0.1, "at_most": 3}},
        # moves: a script gives one setting several names
        {f"{STATE}/moves/again": {"aid": 0.5}, f"{STATE}/rule": {"response": "scripted"},
         f"{STATE}/script": [{"day": 5, "move": "again"}]},
        # magnitudes
        {"world/armed_forces/fighters/strength_thousand": 2000},
        {f"{STATE}/discount_per_year": 1},
        # what something other than a feature reads
        {f"{STATE}/payoff/per_year/aid_lost": None, "world/contest": {"aid": 0.5}},
        {f"{STATE}/payoff/per_year/reputation": None, "milestones/trusted": "trust(state, rebels) > 0.6"},
        {f"{STATE}/payoff/once": None, "world/reputation/broken_pledge": -0.5},
        {"deal/stocks/guns": {"holder": "rebels", "held": 5, "arms_of": "fighters"}},
        # attacks that an event changes
        {f"{STATE}/payoff/beyond_window": {"attacks(bandits)": -0.1},
         "events/vote/set": {"world.armed_forces.bandits.attacks.per_day": 2},
         "world/armed_forces/bandits": {"kind": "outside", "attacks": {"per_day": 1},
                                        "deaths_per_attack": {"mean": 1, "shape": 1}}},
        # success that pays enough from the day on which it can come, or that stops no flow
        {f"{STATE}/payoff/at_outcome/done": 0.1, "deal/outcomes/done/from_day": 700},
        {f"{STATE}/payoff/at_outcome/done": 0.1, "deal/outcomes/done/ends_run": False},
        {f"{STATE}/payoff/at_outcome/done": 0.1, "deal/outcomes/done/role": "open"},
    ],
)  # fmt: skip
def test_each_check_can_be_silent(tmp_path, change):
    """What is unusual but sensible is not warned about."""
    assert linted(tmp_path, change) == []


@pytest.mark.parametrize("series", ["outcome(done)", "milestone(halfway)", "troop_count", "persons_freed(prisoners)"])
def test_a_record_beside_the_scenario_is_found(tmp_path, series):
    """A record in one of the folders counts, and one fact of the scenario is enough."""
    write_record(tmp_path, series)
    assert linted(tmp_path, {"record": "mine"}, (tmp_path,)) == []


@pytest.mark.parametrize("series", ["outcome(peace)", "milestone(never)", "persons_freed(others)", "rainfall"])
def test_a_record_of_something_else_is_told(tmp_path, series):
    """A record that knows no outcome, milestone or series of the scenario can score nothing."""
    write_record(tmp_path, series)
    ((path, message),) = linted(tmp_path, {"record": "mine"}, (tmp_path,))
    assert path == "record"
    assert "has no milestone, outcome or series of this scenario" in message


def write_record(folder, series):
    """Write a record of one observation, ``mine.csv``."""
    unit = "reached" if series.startswith(("outcome", "milestone")) else "persons"
    (folder / "mine.csv").write_text(
        "date,series,value,unit,source,confidence,used_to_fit\n" + f"2030-05-01,{series},1,{unit},press,high,no\n"
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("day >= 0", True),
        ("day > 730", False),
        ("day <= 730", True),
        ("day == 800", False),
        ("day != 800", True),
        ("talks - talks >= 1", False),
        ("accepted(arms) > 0.5", None),
        ("accepted(arms) > 0.5 and accepted(arms) < 0.4", False),
        ("not (day < 0 or talks)", None),
        ("not (day < 0 and talks)", True),
        ("reputation_index(state, rebels) < -100", None),
        ("aid >= 1.6 or cuts >= 1", False),
    ],
)
def test_verdicts(tmp_path, text, verdict):
    """A condition is called sure only if the ranges leave no other way."""
    file = tmp_path / "deal.yaml"
    file.write_text(DEAL)
    assert Ranges(load(str(file))).verdict(parse_condition(text)) is verdict


def test_the_flow_that_success_stops_is_discounted(tmp_path):
    """0.4 util a year on accepted arms, nine tenths of which the outcome implies, for 730 days at 10 per cent."""
    ((_, message),) = linted(tmp_path, {f"{STATE}/payoff/at_outcome/done": 0.1})
    assert "would pay up to 0.652 util" in message  # 0.36 (1 - exp(-0.1 * 730 / 365.25)) / 0.1
