"""What random numbers are for: one number a cause, part of the address of every random number.

A number is never changed and never used again, even when its cause goes: another number is other luck, and with it
every result and every reference digest changes. New causes are added at the end. 16, 20 and 22 to 25 belonged to causes
that are gone. Numbers from 65,536 up are left to rules that users write. Cause 0 is unused: an address left empty is no
cause.

Examples
--------
>>> import sim.random.causes
>>> sorted(sim.random.causes.NAMES.values())[:2]
['ATTACKS', 'ATTRIBUTION']
"""

from __future__ import annotations

DECISION = 1  # which move an actor takes, given its probabilities: one draw a move
ATTACKS = 2  # number of attacks of an armed force in a step
DEATHS = 3  # deaths in those attacks
CIVILIAN_DEATHS = 4  # civilian deaths in those attacks
CAPACITY_NOISE = 5  # diffusion of the government's capacity
COHESION_NOISE = 6  # diffusion of an office's cohesion
RETURN_PROBABILITY = 7  # one draw a run: the share of freed captives who fight again
SETUP_LAG = 8  # one draw a run: days from the first release move to the first release
RETURNS = 9  # how many pending returners arrive in a step
WEIGHT_SPREAD = 10  # one draw a run and feature: spread of payoff weights
TYPE = 11  # one draw a run: an actor's type
HAZARD = 12  # unit exponential of a hazard, one an entry into the state
ATTRIBUTION = 13  # how attacks are attributed to armed forces
MASS_CASUALTY = 14  # whether a day's attacks hold a mass-casualty attack
COUNTING = 15  # freed captives who become counted
DISPUTE = 17  # opening and length of a dispute over the count
COMMANDERS = 18  # commanders among the freed
RECALL = 19  # freed captives taken back into custody
ROLLOUT = 21  # seeds of worlds played ahead inside a decision
PLEDGE = 26  # whether a broken pledge is seen
EVENT = 27  # when an event of the scenario comes, whether, and which of its alternatives
RECONSIDER = 28  # whether a step is an opportunity for an actor to reconsider its move
COUNTER = 29  # one draw a run: the error of who counts attacks
OPERATIONS = 30  # deaths in operations of a regular force in a step
POLICY = 40  # one draw a run and actor: which policy of an equilibrium it plays

NAMES: dict[int, str] = {
    number: name for name, number in sorted(globals().items()) if name.isupper() and isinstance(number, int)
}
