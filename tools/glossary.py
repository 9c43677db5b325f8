"""The glossary: every lever, feature, outcome, mechanism, rule and event with its unit, from the lists the code uses.

The committed page ``docs/glossary.md`` is written by ``python -m tools.glossary FILE``; a test says whether it
is current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sim.model.rule_parameter import Parameter
from sim.rules.registry import registration
from sim.scenario.catalogue import FEATURES, MECHANISMS
from sim.scenario.condition_grammar import INDICATORS
from sim.scenario.event_words import EVENT_WORDS
from sim.scenario.events import EVENTS
from sim.scenario.named_functions import BUILT_IN
from sim.scenario.schema.levers import LEVERS, Move
from sim.scenario.schema.outcomes import FORMS
from tools.markdown import table

_INTRODUCTION = """\
# Glossary

The words of scenario files, run records and figures, with their units. It is generated from the lists that the code
itself uses (`python -m tools.glossary docs/glossary.md`), so it cannot fall behind. How quantities move is in
[model.md](model.md); how a file sets them in [scenario_format.md](scenario_format.md). A *util* is the unit of payoffs,
whose size means nothing apart from the precision of the rule that uses it; a rate per year is divided by 365.25.
"""
_FEATURES = """\
## Features

What can be read off the world at any instant. Payoffs weigh features, conditions compare them, the daily series record
them. An argument in parentheses may be left out: then it means all entities of the kind, and in a payoff an actor means
the actor itself; without a target it means all targets of a force, or of an actor's forces, together. A feature of 0 or
1 may stand alone in a condition, where it means `>= 1`. Conditions also know `date`, which is compared with a date such
as 2020-02-29.
"""
_LEVERS = """\
## Levers

What a move can set. An actor has a lever only if it has what the lever moves: captives, forces, troops, aid, an office.
Settings and their defaults: [Move](scenario_format.md#move).
"""
_HAZARDS = """\
## Factors of hazards

A scenario declares its outcomes under `deal.outcomes`, each with a hazard or a condition; every run has exactly one. A
hazard is a rate times factors, x being the feature that a factor reads: [Outcome](scenario_format.md#outcome).
"""
_MECHANISMS = """\
## Mechanisms

Parts of the model that `mechanisms: {name: off}` switches off. All are on unless a file says otherwise.
"""
_FUNCTIONS = """\
## Rules and payoff models

What `rule.response`, `rule.valuation` and `payoff.model` may name, what an actor must declare for it (keys of its
`rule`, or moves), and the keys of its `parameters`, with their defaults.
"""
_EVENTS = """\
## Events

The kinds of rows in `Run.events`, what stands in their columns `actor`, `move`, `entity` and `value`, and who is called
to review a day later while the mechanism `triggers` is on.
"""
_ROLE_OF_ARGUMENT = {
    "actor": "actor",
    "force": "armed force",
    "target": "target",
    "group": "group of captives",
    "stock": "stock",
    "programme": "group or stock",
    "foreign": "foreign force",
    "flow": "aid flow",
    "office": "office",
    "quantity": "declared quantity",
    "event": "event",
    "promise": "promise",
}


def _features() -> str:
    rows = []
    for feature in FEATURES:
        arguments = ", ".join(_ROLE_OF_ARGUMENT[kind] for kind in feature.entities)
        if feature.by_target:
            arguments += f" (, {_ROLE_OF_ARGUMENT['target']})"
        if feature.optional:
            arguments = f"({arguments})"
        kind = "0 or 1" if feature.name in INDICATORS else feature.unit or "pure number"
        rows.append([f"`{feature.name}`", arguments, kind, feature.meaning])
    return table(["feature", "of", "unit", "meaning"], rows)


def _parameter(parameter: Parameter) -> str:
    default = "required" if parameter.default is None else f"{parameter.default}"
    if isinstance(parameter.default, float):
        default = f"{parameter.default:.3g}"
    return f"`{parameter.name}`: {parameter.expected} ({default})" + (", also by feature" if parameter.per_term else "")


def glossary_text() -> str:
    """Write the glossary as the committed file holds it.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> "| `troops_gone` |" in glossary_text()
    True
    """
    levers = ([f"`{lever}`", Move.model_fields[lever].description or ""] for lever in LEVERS)
    forms = ([f"`{form}`", model.model_fields["form"].description or ""] for form, model in FORMS.items())
    parts = [
        _INTRODUCTION,
        _FEATURES,
        _features(),
        _LEVERS,
        table(["lever", "meaning"], levers),
        _HAZARDS,
        table(["form", "factor"], forms),
        _MECHANISMS,
        table(["mechanism", "meaning"], ([f"`{name}`", meaning] for name, meaning in MECHANISMS.items())),
        _FUNCTIONS,
        table(
            ["kind", "name", "meaning", "needs", "parameters"],
            (
                [
                    kind.replace("_", " "),
                    f"`{function.name}`",
                    function.words,
                    ", ".join(f"`{need}`" for need in function.needs),
                    "; ".join(_parameter(parameter) for parameter in registration(kind, function.name).parameters),
                ]
                for kind, functions in BUILT_IN.items()
                for function in functions
            ),
        ),
        _EVENTS,
        table(
            ["kind", "meaning", "columns", "value", "calls to review"],
            (
                [f"`{event.name}`", words.meaning, words.about, words.value, event.calls]
                for event in EVENTS.values()
                for words in [EVENT_WORDS[event.number]]
            ),
        ),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(glossary_text(), encoding="utf-8")
