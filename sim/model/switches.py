"""Switches: the place of each mechanism that a scenario may switch off in ``params.on``."""

from __future__ import annotations

from typing import Final

from sim.model.record import Integers, Part, i8
from sim.scenario.catalogue import MECHANISM_CODES, MECHANISMS

ON_AID: Final = MECHANISM_CODES["aid"]
ON_COHESION: Final = MECHANISM_CODES["cohesion"]
ON_DUAL_OFFICE: Final = MECHANISM_CODES["dual_office"]
ON_DISPUTES: Final = MECHANISM_CODES["disputes"]
ON_RECIPROCITY: Final = MECHANISM_CODES["reciprocity"]
ON_COMMANDERS: Final = MECHANISM_CODES["commanders"]
ON_GUARANTEE: Final = MECHANISM_CODES["guarantee"]
ON_RETURNS: Final = MECHANISM_CODES["returns"]
ON_MISATTRIBUTION: Final = MECHANISM_CODES["misattribution"]
ON_SPOILERS: Final = MECHANISM_CODES["spoilers"]
ON_SPOILER_RESPONSE: Final = MECHANISM_CODES["spoiler_response"]
ON_PROFITEERS: Final = MECHANISM_CODES["profiteers"]
ON_EPIDEMIC: Final = MECHANISM_CODES["epidemic"]
ON_TYPES: Final = MECHANISM_CODES["types"]
ON_WEIGHT_SPREAD: Final = MECHANISM_CODES["weight_spread"]
ON_AUDIENCE_COSTS: Final = MECHANISM_CODES["audience_costs"]
ON_TRIGGERS: Final = MECHANISM_CODES["triggers"]
ON_REPUTATION: Final = MECHANISM_CODES["reputation"]
ON_NOISE: Final = MECHANISM_CODES["noise"]


class SwitchParams(Part):
    """What of the model is switched on."""

    on: Integers = i8(len(MECHANISMS))
