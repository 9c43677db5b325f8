"""Loading: the baseline in full, what may be left out, and what is no scenario file at all."""

import datetime as dt
import pickle

import pytest
from scenario_texts import BASELINE, MINIMAL, write

from sim.errors import ScenarioError
from sim.scenario.catalogue import MECHANISMS
from sim.scenario.feature_reference import FeatureRef
from sim.scenario.load import load
from sim.scenario.schema.levers import Drawdown


def test_the_baseline_says_what_its_file_says():
    """The numbers of the deal of 29 February 2020 stand where the file has them."""
    s = load(BASELINE)
    assert (s.schema_version, s.start, s.horizon_days, s.steps_per_day) == (1, dt.date(2020, 2, 29), 640, 1)
    assert list(s.actors) == ["government", "taliban", "us"]
    assert (s.roles.incumbents, s.roles.challengers, s.roles.guarantors) == (("government",), ("taliban",), ("us",))
    decree = s.actors["government"].moves["decree"].release
    assert (decree.per_day, decree.list, decree.until, decree.then.amount) == (100.0, "own", 1500.0, 500.0)
    assert str(decree.then.when) == "holding_fire(taliban) >= 1"
    assert s.actors["government"].moves["stall"].release is None
    assert s.actors["us"].moves["accelerate"].drawdown == Drawdown(pace=1.6)
    assert s.actors["us"].moves["pause"].drawdown == "none"
    assert s.actors["us"].moves["threaten"].pressure.expects == "their_list"
    assert s.actors["us"].types["leaving_anyway"].scales == {
        "at_outcome.government_collapse": 0.3, "per_year.paused": 1.5
    }  # fmt: skip
    assert s.actors["taliban"].payoff.per_year[FeatureRef("counted", ("taliban_prisoners",))] == 0.15
    assert [(m.day, m.move) for m in s.actors["taliban"].scheduled_moves] == [(2.0, "selective")]
    prisoners = s.deal.captives["taliban_prisoners"]
    assert (prisoners.held, prisoners.promised, prisoners.returns.probability.beta) == (13500.0, 5000.0, (2.0, 3.0))
    assert prisoners.returns.probability.mean == 0.4
    assert s.deal.captives["government_captives"].cap_freed is None
    assert [(step.day, step.left) for step in s.deal.withdrawal["us_troops"].steps] == [(135.0, 8600.0), (425.0, 0.0)]
    assert s.deal.talks.due == dt.date(2020, 3, 10)
    assert s.world.armed_forces["taliban_fighters"].attacks.per_day == 89.0
    assert s.world.contest.support_levels == {"none": 0.0, "defensive": 1.0, "full": 1.5}
    assert s.mechanisms == dict.fromkeys(MECHANISMS, True)
    assert s.provenance["deal.captives.taliban_prisoners.promised"].known_as_of == dt.date(2020, 2, 29)


def test_everything_optional_may_be_absent(tmp_path):
    """Two actors with a move each are a scenario; what is absent does nothing."""
    s = load(write(tmp_path, "a.yaml", MINIMAL))
    assert (s.deal.captives, s.deal.withdrawal, s.deal.talks, s.deal.promises) == ({}, {}, None, {})
    assert (s.world.armed_forces, s.world.offices, s.world.reputation, s.world.epidemic) == ({}, {}, None, None)
    assert (s.world.contest.exponent, s.world.contest.air_support, s.world.season.amplitude) == (1.0, 0.0, 0.0)
    assert s.actors["north"].payoff.model == "linear"
    assert (s.description, s.record, s.events, s.milestones, s.expects) == (None, None, {}, {}, {})


def test_dates_and_days_are_the_same(tmp_path):
    """A moment written as a date has the day that it is after the start, over leap day and year."""
    by_date = MINIMAL + "deal: {deadlines: [{date: 2021-03-01, what: due, reviews: [north]}]}\n"
    by_day = MINIMAL + "deal: {deadlines: [{day: 366, what: due, reviews: [north]}]}\n"
    one, two = (load(write(tmp_path, name, text)) for name, text in (("a.yaml", by_date), ("b.yaml", by_day)))
    assert one.deal.deadlines[0].day == 366.0
    assert one == two


def test_words_for_switches(tmp_path):
    """On, off, yes and no are switches where a switch is expected."""
    s = load(write(tmp_path, "a.yaml", MINIMAL + "mechanisms: {aid: off, noise: no, types: on, returns: false}\n"))
    assert [name for name, on in s.mechanisms.items() if not on] == ["aid", "returns", "noise"]


def test_a_scenario_is_frozen():
    """No attribute, section, mapping or list of a scenario can be changed."""
    s = load("doha_2020/baseline")
    with pytest.raises(AttributeError, match="replace"):
        s.title = "x"
    with pytest.raises(AttributeError):
        del s.title
    with pytest.raises(ValueError, match="frozen"):
        s.deal.talks.technical_share = 0.5
    for change in (
        lambda: s.actors.update(x=1),
        lambda: s.actors.pop("us"),
        lambda: s.mechanisms.__setitem__("aid", False),
        lambda: s.provenance.clear(),
        lambda: s.actors.__delitem__("us"),
    ):
        with pytest.raises(TypeError, match="frozen"):
            change()
    assert isinstance(s.deal.deadlines, tuple)


def test_pickling_keeps_everything():
    """A scenario that travelled to another process is the same, with its sources and places."""
    s = load(BASELINE)
    copy = pickle.loads(pickle.dumps(s))
    assert (copy, copy.provenance, copy.sha256) == (s, s.provenance, s.sha256)
    assert copy.position("start") == s.position("start")
    assert copy.replace({"horizon_days": 9}).horizon_days == 9


def test_problems_can_be_found_later():
    """Who finds a problem after loading can still point at the line."""
    s = load(BASELINE)
    lines = BASELINE.read_text().splitlines()
    problem = s.problem("actors.us.moves.pause.when", "never true", "something that can be", "Think again.")
    assert lines[problem.line - 1][problem.column - 1 :].startswith("day > 135")
    assert str(problem).startswith(f"{BASELINE}:{problem.line}:{problem.column}: actors.us.moves.pause.when: found")
    number = s.position("deal.withdrawal.us_troops.steps[1].left")
    assert lines[number.line - 1][number.column - 1] == "0"


def test_how_it_looks():
    """A scenario is one line in a terminal, and names its actors, moves and deal in a notebook."""
    s = load("doha_2020/baseline")
    assert repr(s).startswith("<Scenario 'Doha, as decreed on 11 March 2020': government, taliban, us; 2020-02-29")
    page = s._repr_html_()
    for word in ("2020-02-29 to 2021-11-30", "Afghan government", "release 100 a day (own list)", "5,000 of 13,500",
                 "8,600 by day 135",
                 "holding_fire(taliban, cities) &gt;= 1", "drawdown x1.6", "mechanisms off: none"):  # fmt: skip
        assert word in page


def test_html_is_escaped(tmp_path):
    """A title from a stranger is text in a notebook, never markup."""
    s = load(write(tmp_path, "a.yaml", MINIMAL.replace("Two who talk", "<script>alert(1)</script>")))
    assert "<script>" not in s._repr_html_()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("doha_2020/baselin", "Did you mean 'doha_2020/baseline'?"),
        ("nothing", "Built-in are"),
        ("nothing.yaml", "no such file"),
        ("", "a file name or a built-in scenario"),
        ("a\0b", "a file name or a built-in scenario"),
        ("x" * 5000, "no such scenario"),
        ("x" * 5000 + ".yaml", "cannot be read"),
        ("/", "a directory"),
        ("/dev/zero", "a device or pipe"),
    ],
)
def test_names_that_are_no_scenario(name, words):
    """A name that leads to no scenario is refused in one line."""
    with pytest.raises(ScenarioError) as caught:
        load(name)
    (problem,) = caught.value.problems
    assert words in str(problem)


def test_the_bytes_of_a_path_are_no_name():
    """Bytes are no file name."""
    with pytest.raises(ScenarioError):
        load(b"a.yaml")
