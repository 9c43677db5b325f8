"""What an output of a sweep is called in a figure, and its unit."""

from __future__ import annotations

from typing import Any

from sim.experiments.measures import measures_of, unit_of


def output_unit(output: str, scenario: Any) -> str:
    """Return the unit of an output, empty for a pure number.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> output_unit("released", toy), output_unit("days_until_talks_began", toy), output_unit("cohesion", toy)
    ('persons', 'days', '')
    """
    known = measures_of(scenario).get(output)
    return known.unit if known is not None else unit_of(output, scenario)


def output_words(output: str, is_share: bool, scenario: Any) -> str:
    """Say what the mean of an output is, as a figure's title does.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> [output_words(name, True, toy) for name in ("settlement", "first_release by day 30")]
    ['Share of runs with settlement', 'Share of runs with first release by day 30']
    >>> output_words("payoff_state", False, toy)
    'Mean of payoff of State'
    """
    return f"{'Share of runs with' if is_share else 'Mean of'} {_label(output, scenario)}"


def mean_label(output: str, is_share: bool, scenario: Any) -> str:
    """Return the label of an axis or colour bar for the mean of an output, with its unit.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> [mean_label(name, name == "settlement", toy) for name in ("settlement", "released", "cohesion")]
    ['share of runs, %', 'released, persons', 'cohesion']
    """
    if is_share:
        return "share of runs, %"
    unit, name = output_unit(output, scenario), _label(output, scenario)
    return f"{name}, {unit}" if unit not in ("", name) else name


def _label(output: str, scenario: Any) -> str:
    known = measures_of(scenario).get(output)
    return known.label if known is not None else output.replace("_", " ")
