"""The registry of causes: numbers are distinct and never change."""

from sim.random import causes

# Written down once; a change here is a change of every result. Append, never edit.
GIVEN_OUT = {
    1: "DECISION",
    2: "ATTACKS",
    3: "DEATHS",
    4: "CIVILIAN_DEATHS",
    5: "CAPACITY_NOISE",
    6: "COHESION_NOISE",
    7: "RETURN_PROBABILITY",
    8: "SETUP_LAG",
    9: "RETURNS",
    10: "WEIGHT_SPREAD",
    11: "TYPE",
    12: "HAZARD",
    13: "ATTRIBUTION",
    14: "MASS_CASUALTY",
    15: "COUNTING",
    17: "DISPUTE",
    18: "COMMANDERS",
    19: "RECALL",
    21: "ROLLOUT",
}


def test_numbers_given_out_stay_as_they_are():
    """Every number ever given out still has its name."""
    assert {number: causes.NAMES.get(number) for number in GIVEN_OUT} == GIVEN_OUT


def test_numbers_of_causes_that_are_gone_are_not_given_out_again():
    """No cause has the number of one that was removed, nor one that is left to users' rules."""
    assert not {16, 20, 22, 23, 24, 25} & set(causes.NAMES)
    assert max(causes.NAMES) < 65_536


def test_no_number_stands_for_two_causes():
    """Each constant of the module has a number of its own, below 2**24, and none is 0."""
    constants = {name: value for name, value in vars(causes).items() if name.isupper() and isinstance(value, int)}
    assert len(set(constants.values())) == len(constants) == len(causes.NAMES)
    assert all(0 < number < 2**24 for number in constants.values())
