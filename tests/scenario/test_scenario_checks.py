"""What only the whole scenario can tell: names that exist, levers with an entity, orders, sums and maxima."""

from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

BASE = load("doha_2020/baseline")
FORCES = "world.armed_forces."
PRISONERS = "deal.captives.taliban_prisoners."
WAIT = {"review": {"every_days": 7}, "opening_move": "wait", "moves": {"wait": {}}, "rule": {"response": "uniform"}}

ARMS = {"holder": "taliban", "arms_of": "taliban_fighters", "held": 100}


def laying(setting: dict[str, Any], stock: str = "arms") -> dict[str, Any]:
    """Return changes by which the Taliban have arms and hand a stock over in a way."""
    return {"deal.stocks.arms": ARMS, f"actors.taliban.moves.surge.hand_over.{stock}": setting}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        # names
        ({"roles.incumbents": ["govrnment"]}, "roles.incumbents.0: found 'govrnment', expected an actor of actors"),
        ({"roles.guarantors": ["taliban"]}, "found 'taliban' among challengers and guarantors, expected one role"),
        ({"actors.us.opening_move": "go"}, "expected a move of this actor: schedule, threaten, accelerate, pause"),
        ({"actors.us.script": [{"day": 3, "move": "go"}]}, "actors.us.script.0.move: found 'go'"),
        ({"deal.talks.between": ["government", "talban"]}, "Did you mean 'taliban'?"),
        ({"deal.talks.between": ["government"]}, "found 1 parties, expected at least two"),
        ({"deal.talks.between": ["government", "taliban", "taliban"]}, "found 'taliban' again"),
        ({"deal.deadlines[0].reviews": ["nato"]}, "deal.deadlines.0.reviews.0: found 'nato'"),
        ({"deal.deadlines[0].reviews": ["us", "us"]}, "deal.deadlines.0.reviews.1: found 'us' again"),
        ({"deal.promises.annex.by": "nato"}, "deal.promises.annex.by: found 'nato'"),
        (
            {"deal.promises.annex.keep": "surge(nato) < 1"},
            "found 'nato' in surge(nato), expected an actor of actors",
        ),
        ({"milestones.first_release": "freed(prisoners) > 0"}, "expected a group of captives of deal.captives"),
        ({"actors.us.moves.pause.when": "cohesion(court) < 1"}, "an office of world.offices: presidency"),
        ({"actors.us.moves.pause.when": "aid(eu_aid) < 1"}, "an aid flow of world.aid_flows: us_aid"),
        ({"actors.us.moves.pause.when": "troops(nato) < 1"}, "a foreign force of deal.withdrawal: us_troops"),
        ({"actors.us.payoff.per_year.strength(army)": 1}, "an armed force of world.armed_forces: taliban_fighters"),
        ({"actors.us.payoff.beyond_window.counted(x)": 1}, "beyond_window.counted(x): found 'x' in counted(x)"),
        ({PRISONERS + "holder": "nato"}, "holder: found 'nato'"),
        ({PRISONERS + "returns.to": "fighters"}, "Did you mean 'taliban_fighters'?"),
        ({"deal.captives.government_captives.reciprocates.group": "x"}, "reciprocates.group: found 'x'"),
        ({"deal.withdrawal.us_troops.owner": "nato"}, "owner: found 'nato'"),
        ({FORCES + "afghan_forces.actor": "nato"}, "afghan_forces.actor: found 'nato'"),
        ({FORCES + "isis_k.blamed_on.force": "talibs"}, "blamed_on.force: found 'talibs'"),
        ({"world.aid_flows.us_aid.recipient": "nato"}, "recipient: found 'nato'"),
        ({"world.offices.presidency.actor": "nato"}, "presidency.actor: found 'nato'"),
        ({"quantities.gap": {"of": "freed(x) - talks"}}, "quantities.gap.of: found 'x' in freed(x), expected a group"),
        (
            {"quantities.gap": {"of": "talks", "times": "quantity(gap)"}},
            "gap.times: found quantity(gap), expected a feature",
        ),
        ({"quantities.gap": {"of": "talks", "at_least": 1, "at_most": 1}}, "found at_least 1 and at_most 1, expected"),
        ({"quantities.gap": {"of": "talks >= 1"}}, "expected +, - or the end of the sum. A comparison is no number."),
        ({"quantities.gap": {"of": " + ".join(["day"] * 13)}}, "found 13 terms, expected at most 12 in both sums"),
        ({"quantities.gap": {"of": "reputation"}}, "found reputation of nobody, expected reputation(actor): whose"),
        (
            {"milestones.home": "captives_home > 0.5"},
            "found captives_home of nobody, expected captives_home(actor): whose",
        ),
        ({"actors.us.payoff.per_year.quantity(gap)": 1}, "expected a quantity of quantities, but there is none"),
        (
            {f"quantities.q{i}": {"of": "talks"} for i in range(7)},
            "quantities.q6: found 7 quantities, expected at most 6",
        ),
        # stocks
        (
            {"deal.stocks.arms": ARMS | {"arms_of": "afghan_forces"}},
            "of kind regular, expected an insurgent force",
        ),
        ({"deal.stocks.arms": ARMS | {"holder": "us"}}, "a force of taliban, expected a force of us"),
        ({"deal.stocks.arms": ARMS | {"men_of": "taliban_fighters"}}, "found arms_of and men_of, expected one of them"),
        ({"deal.stocks": {"arms": ARMS, "guns": ARMS}}, "found 'taliban_fighters', as in arms, expected one stock for"),
        ({"deal.stocks.arms": ARMS | {"claimant": "taliban"}}, "found 'taliban', who hands it over, expected another"),
        ({"deal.stocks.arms": ARMS | {"counted_at_once": 0.5}}, "counted_at_once without claimant, expected claimant"),
        ({"deal.stocks.arms": ARMS | {"promised": 200}}, "promised: found 200, expected at most the 100 held"),
        ({"deal.stocks.taliban_prisoners": ARMS}, "a group of deal.captives, expected a name of its own"),
        ({"deal.stocks": {f"s{i}": ARMS | {"arms_of": None} for i in range(3)}}, "found 3 stocks, expected at most 2"),
        (laying({"per_day": 1, "over_days": 9}), "found per_day and over_days, expected one of per_day, over_days and"),
        (laying({}), "hand_over.arms: found no pace, expected one of per_day, over_days and tranches"),
        (laying({"tranches": [{"until": 5}], "until": 9}), "found until beside tranches"),
        (laying({"tranches": [{"per_day": 5}]}), "found a tranche without an end, expected until or until_share"),
        (laying({"tranches": [{"until": 50}, {"until_share": 0.5}]}), "found 50 out after 50, expected more than by"),
        (laying({"tranches": [{"until": 5, "when": "accepted(x) > 0"}]}), "tranches.0.when: found 'x' in accepted(x)"),
        (laying({"per_day": 1}, "guns"), "expected a stock of deal.stocks that taliban hands over: arms"),
        # levers
        ({"actors.us.moves.pause.violence": "surge"}, "found the unknown lever violence for this actor"),
        ({"actors.us.moves.pause.talks": "sit"}, "The lever talks needs a seat at deal.talks."),
        ({"actors.us.moves.pause.posture": "offence"}, "a lever that us has: drawdown, aid, support, pressure."),
        ({"actors.us.moves.pause.offer": True}, "The lever offer needs an office with two claimants."),
        ({"actors.us.moves.pause.guarantee": "written"}, "The lever guarantee needs a group of captives"),
        (
            {"actors.us.moves.pause.hand_over": {"arms": {"per_day": 1}}},
            "lever hand_over needs a stock that it hands over.",
        ),
        ({"actors.us.moves.pause.admit": False}, "lever admit needs a group of captives or a stock"),
        (
            {"actors.us.moves.pause.verify": False},
            "lever verify needs a group of captives or a stock",
        ),
        ({"actors.us.moves.pause.recall": {"per_day": 1}}, "The lever recall needs a group of captives"),
        ({"actors.taliban.moves.surge.drawdown": "none"}, "The lever drawdown needs foreign troops"),
        ({"actors.taliban.moves.surge.aid": 0.5}, "The lever aid needs an aid flow that it pays."),
        ({"actors.taliban.moves.surge.violence": "flood"}, "expected a posture of taliban_fighters: ceasefire"),
        ({"actors.us.moves.pause.support": "some"}, "a level of world.contest.support_levels: none, defensive, full"),
        ({"actors.us.moves.threaten.pressure.on": "nato"}, "pressure.on: found 'nato'"),
        ({"actors.us.moves.threaten.pressure.expects": "x"}, "expected a move of government: stall, decree"),
        ({"actors.us.moves.threaten.pressure.cut": "x"}, "expected an aid flow of world.aid_flows: us_aid"),
        (
            {
                "actors.us.moves.threaten.pressure": {
                    "on": "taliban",
                    "until": "talks",
                    "cut": "us_aid",
                    "expects": "surge",
                }
            },
            "found 'us_aid', which goes from us to government, expected an aid flow from us to taliban",
        ),
        ({"actors.government.moves.own_batches.release.group": "x"}, "expected a group that this actor holds"),
        ({"actors.government.moves.own_batches.release.then": {"amount": 1, "every_days": 1}}, "then without until"),
        (
            {"deal.captives.others": {"holder": "government", "claimant": "us", "held": 9, "promised": 9}},
            "release: found no group, though the actor holds several",
        ),
        # rules, reviews, types, scripts
        ({"actors.us.review.every_days": 0.5}, "expected at least one step of the clock"),
        ({"actors.us.rule.valuation": "none"}, "found response logit without a valuation"),
        ({"actors.us.rule.lam_per_util": None}, "found response logit without lam_per_util"),
        ({"actors.us.rule.horizon_days": 0}, "found valuation drift without horizon_days"),
        ({"actors.us.types.leaving_anyway.scales.per_year.surge": 2}, "found 'surge', which the payoff does not weigh"),
        ({"actors.taliban.payoff.per_year.surge(taliban)": 2}, "found 'surge(taliban)' beside 'surge', expected each"),
        ({"actors.us.script": [{"day": 3, "move": "pause"}, {"day": 3, "move": "pause"}]}, "found day 3 after day 3"),
        # sums and orders
        ({PRISONERS + "promised": 20000}, "promised: found 20000, expected at most the 13500 held"),
        ({PRISONERS + "cap_freed": 20000}, "cap_freed: found 20000"),
        ({PRISONERS + "commanders.held": 20000}, "found 20000 commanders"),
        ({PRISONERS + "claimant": "government"}, "found 'government', who holds them"),
        ({PRISONERS + "returns": None}, "found commanders without returns"),
        ({PRISONERS + "returns.to": "afghan_forces"}, "of kind regular, expected an insurgent force"),
        ({"deal.captives.government_captives.reciprocates.group": "government_captives"}, "expected another group"),
        ({"deal.withdrawal.us_troops.steps[1].day": 100}, "found day 100 after day 135"),
        ({"deal.withdrawal.us_troops.steps[0].day": 0}, "found day 0 after day 0"),
        ({"deal.withdrawal.us_troops.steps[1].left": 9000}, "found 9000 left after 8600, expected no more than before"),
        ({"deal.withdrawal.us_troops.start": 8000}, "found 8600 left after 8000"),
        ({"deal.talks": None}, "deal.outcomes.settlement.while_talks_open: found talks that the deal has not"),
        ({FORCES + "isis_k.actor": "us"}, "found the key 'actor', which a force of kind outside does not have"),
        ({FORCES + "isis_k.attacks": None}, "found no key 'attacks', expected attacks: its attacks, for a force of"),
        ({FORCES + "afghan_forces.strength_thousand": None}, "found no key 'strength_thousand'"),
        ({FORCES + "isis_k.targets": {}}, "found attacks without deaths_per_attack"),
        ({FORCES + "taliban_fighters.targets.army.deaths_per_attack.civilian_mean": 1}, "found 1 civilians, expected"),
        ({FORCES + "taliban_fighters.targets.army.share": 0.8}, "targets: found shares that add up to 0.9, expected"),
        ({FORCES + "taliban_fighters.unattributed_share": 0.1}, "found the key 'unattributed_share' beside targets"),
        ({FORCES + "taliban_fighters.posture.surge": {"army": 1}}, "surge: found no key 'cities', expected a factor"),
        ({FORCES + "taliban_fighters.posture.selective.citys": 1}, "selective.citys: found 'citys', expected a target"),
        ({FORCES + "isis_k.targets.taliban.force": "isis_k"}, "found 'isis_k' itself, expected another force"),
        (
            {FORCES + "isis_k.targets.taliban.force": "afghan_forces"},
            "found 'afghan_forces', a regular force, expected",
        ),
        ({FORCES + "taliban_fighters.targets.army.force": "isis_k"}, "found 'isis_k', a force without strength"),
        (
            {"deal.promises.annex.keep": "surge(us, cities) < 1"},
            "found 'cities' in surge(us, cities), expected a target",
        ),
        ({"milestones.m": "attacks(isis_k, army) > 1"}, "expected a target of isis_k: cities, taliban"),
        ({"world.reputation.minds.us": ["army", "navy"]}, "minds.us.1: found 'navy', expected a target"),
        ({"world.reputation.minds.nato": []}, "minds.nato: found 'nato', expected an actor"),
        ({"world.offices.presidency.per_100_killed.navy": 1}, "per_100_killed.navy: found 'navy', expected a target"),
        ({FORCES + "isis_k.blamed_on.force": "isis_k"}, "found 'isis_k' itself, expected another force"),
        ({FORCES + "isis_k.targets.cities.unattributed_share": 0.9}, "found 0.9 beside 0.2 that are blamed on another"),
        ({"world.aid_flows.us_aid.recipient": "us"}, "found 'us', who pays it"),
        ({"world.aid_flows.us_aid.cut_usd_bn": 3}, "found 2 cuts of 3, expected at most the 4.3 that flow"),
        ({"world.epidemic.to_day": 10}, "found day 10 before day 20"),
    ],
)
def test_refused(values, words):
    """The scenario with these values is refused, and one of its problems says so."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(values)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({f"actors.a{i}": WAIT for i in range(4)}, "actors.a3: found 7 actors, expected at most 6"),
        ({f"actors.us.moves.m{i}": {} for i in range(9)}, "moves.m8: found 13 moves, expected at most 12"),
        ({f"{FORCES}f{i}": {"kind": "regular", "actor": "us", "strength_thousand": 1} for i in range(4)}, "at most 6"),
        (
            {
                f"deal.captives.g{i}": {"holder": "us", "claimant": "taliban", "held": 1, "promised": 1}
                for i in range(3)
            },
            "found 5 groups of captives, expected at most 4",
        ),
        ({f"deal.withdrawal.w{i}": {"owner": "us", "start": 1} for i in range(3)}, "at most 3"),
        (
            {f"world.aid_flows.a{i}": {"donor": "us", "recipient": "taliban", "usd_bn_per_year": 1} for i in range(4)},
            "found 5 aid flows, expected at most 4",
        ),
        ({f"world.offices.o{i}": {"actor": "us", "revert_days": 1} for i in range(2)}, "at most 2"),
        (
            {"deal.deadlines": [{"day": i, "what": "x", "reviews": ["us"]} for i in range(9)]},
            "deal.deadlines.8: found 9",
        ),
        (
            {f"deal.promises.p{i}": {"by": "us", "keep": "talks"} for i in range(12)},
            "deal.promises.p4: found 20 promises",
        ),
        ({f"milestones.w{i}": "talks" for i in range(6)}, "milestones.w5: found 13 milestones, expected at most 12"),
        ({"deal.withdrawal.us_troops.steps": [{"day": i + 1, "left": 0} for i in range(7)]}, "found 7 steps"),
        ({f"actors.us.rule.parameters.p{i}": 1 for i in range(9)}, "found 9 parameters, expected at most 8"),
        ({"actors.us.types.other": {"probability": 0.1, "scales": {}}}, "found 2 other types, expected at most 1"),
        ({f"{FORCES}taliban_fighters.posture.p{i}": 1 for i in range(7)}, "found 13 postures, expected at most 12"),
        (
            {
                f"{FORCES}isis_k.targets": {
                    f"t{i}": {"share": 0.1, "deaths_per_attack": {"mean": 1, "shape": 1}} for i in range(10)
                },
                "world.reputation.minds": {},
                "world.offices.presidency.per_100_killed": {},
            },
            "isis_k.targets: found 14 targets of all forces so far, one for each that declares none, expected",
        ),
        ({f"world.contest.support_levels.l{i}": 1 for i in range(10)}, "found 13 levels, expected at most 12"),
        ({"actors.us.moves": {}}, "found no moves, expected at least one"),
        ({"actors": {}}, "found no actors, expected at least one"),
        ({"horizon_days": 40_000, "steps_per_day": 2}, "found 40000 days of 2 steps, 80,000 steps"),
    ],
)
def test_maxima(values, words):
    """More than a maximum is refused at the first one too many, and nothing else is said."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(values)
    assert len(caught.value.problems) == 1
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("world.aid_flows.us_aid.usd_bn_per_year", 3.3, ""),
        ("deal.withdrawal.us_troops.pace", 0, ""),
        ("world.offices.presidency.dual", False, ""),
        ("world.offices.presidency.dual", "on", ""),
        ("world.armed_forces.isis_k.attacks.per_day", 1, ""),
        ("world.armed_forces.taliban_fighters.strength_thousand", 70, ""),
        ("world.aid_flows.us_aid.usd_bn_per_year", -1, "expected a number from 0"),
        ("world.aid_flows.us_aid.usd_bn_per_year", True, "found true, expected a number"),
        ("world.aid_flows.eu_aid.usd_bn_per_year", 1, "found 'eu_aid' in world.aid_flows.eu_aid"),
        ("world.offices.presidency.dual", 1, "found 1, expected true or false"),
        ("world.offices.presidency.dual", "maybe", "expected a number, or true or false"),
        ("world.armed_forces.afghan_forces.attacks.per_day", 1, "found a force without attacks, 'afghan_forces'"),
        ("deal.withdrawal.us_troops.paec", 1, "Did you mean 'deal.withdrawal.us_troops.pace'?"),
        ("deal.talks.due", 1, "expected one of world.aid_flows.*.usd_bn_per_year"),
    ],
)
def test_settings_of_events(setting, value, words):
    """An event sets what the running model can change, of entities that exist, to what it can be."""
    values = {"events.it": {"date": "2020-03-23", "what": "an event", "set": {setting: value}}}
    if not words:
        assert BASE.replace(values).events["it"].day == 23.0
        return
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(values)
    assert len(caught.value.problems) == 1
    assert words in str(caught.value)


VOTE = {"day": 9, "what": "a vote"}
HAZARD = {"per_day": 0.1, "what": "a murder"}


@pytest.mark.parametrize(
    ("event", "place", "words"),
    [
        ({"what": "x"}, "events.it", "found an event that is never due, expected one of date, day, per_day and when"),
        ({**VOTE, "date": "2020-03-01"}, "events.it", "found both day and date, expected one of them"),
        ({**VOTE, "per_day": 0.1}, "events.it.per_day", "found per_day beside a date, expected one of them"),
        ({**VOTE, "at_most": 2}, "events.it.at_most", "found 2 times for an event without per_day, expected 1"),
        ({**HAZARD, "probability": 0.5}, "events.it.probability", "found 0.5 beside per_day, expected no probability"),
        ({**HAZARD, "at_most": 0}, "events.it.at_most", "expected a number of at least 1"),
        ({**VOTE, "probability": 1.5}, "events.it.probability", "expected a number of at most 1"),
        ({**VOTE, "when": "happened(the_vote)"}, "events.it.when", "expected an event of events: it"),
        ({**VOTE, "reviews": ["usa"]}, "events.it.reviews.0", "Did you mean 'us'?"),
        ({**VOTE, "one_of": {"a": {"what": "a"}}}, "events.it.one_of", "found one alternative, expected at least two"),
        (
            {**VOTE, "one_of": {"a": {"what": "a", "probability": 0.7}, "b": {"what": "b", "probability": 0.7}}},
            "events.it.one_of",
            "found probabilities that add up to 1.4, expected at most 1",
        ),
        (
            {**VOTE, "one_of": {"a": {"what": "a", "probability": 0.2}, "b": {"what": "b", "probability": 0.7}}},
            "events.it.one_of",
            "found probabilities that add up to 0.9, expected 1. Or leave out one",
        ),
        (
            {**VOTE, "one_of": {"a": {"what": "a"}, "b": {"what": "b"}}},
            "events.it.one_of.b",
            "found no probability, like a, expected at most one alternative that has what the others leave",
        ),
        (
            {**VOTE, "one_of": {"a": {"what": "a", "probability": 0.2}, "it": {"what": "b"}}},
            "events.it.one_of.it",
            "found the name 'it' again, expected another name than events.it has",
        ),
        ({"day": 9}, "events.it.what", "found no key 'what', expected what: what happens"),
    ],
)
def test_events_are_due_in_one_way_and_draw_one_alternative(event, place, words):
    """Whatever does not fit is said once, at its place."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace({"events.it": event})
    assert [p.path for p in caught.value.problems] == [place]
    assert words in str(caught.value)


def test_events_over_the_maxima():
    """Alternatives count as events, and an event sets so many numbers at most."""
    one_of = {f"way_{i}": {"what": "x", "probability": 0.5} for i in range(2)}
    events = {f"vote_{i}": {**VOTE, "one_of": {k + str(i): v for k, v in one_of.items()}} for i in range(9)}
    with pytest.raises(ScenarioError, match="found 27 events and alternatives, expected at most 24"):
        BASE.replace({"events": events})
    settings = {f"world.armed_forces.force_{i}.strength_thousand": 1 for i in range(17)}
    with pytest.raises(ScenarioError, match="found 17 settings, expected at most 16"):
        BASE.replace({"events.it": {**VOTE, "set": settings}})


def test_an_office_must_be_split_to_be_resolved():
    """An event cannot end what the file does not have."""
    values = {
        "world.offices.presidency.dual": None,
        "events.it": {"day": 9, "what": "x", "set": {"world.offices.presidency.dual": False}},
    }
    with pytest.raises(ScenarioError, match="an office without dual"):
        BASE.replace(values)


def test_an_actor_with_two_groups_names_one():
    """With two groups, a release that names its group is legal."""
    values = {"deal.captives.others": {"holder": "government", "claimant": "us", "held": 9, "promised": 9}}
    for move in ("decree", "own_batches", "their_list"):
        values[f"actors.government.moves.{move}.release.group"] = "taliban_prisoners"
    assert list(BASE.replace(values).deal.captives)[-1] == "others"


def test_a_stock_without_claimant_reads_back():
    """A resolved scenario says every default, such as what is counted at once where nobody counts, and is legal."""
    resolved = BASE.replace({"deal.stocks.arms": ARMS})
    assert resolved.deal.stocks["arms"].claimant is None
    assert Scenario.from_dict(resolved.to_dict()) == resolved
