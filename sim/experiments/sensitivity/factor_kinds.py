"""Kinds of factors by where their paths live: hazards, payoffs, rules, deal, world.

The kinds are data: patterns of dotted paths, the first that fits decides. They answer whether an outcome hangs on what
nature does, on what actors want, or on how they choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("deal.outcomes.*", "hazards"),
    ("deal.talks.opens.*", "hazards"),
    ("deal.talks.breaks_down.*", "hazards"),
    ("actors.*.payoff.*", "payoffs"),
    ("actors.*.discount_per_year", "payoffs"),
    ("actors.*.rule.*", "rules"),
    ("actors.*.review.*", "rules"),
    ("actors.*.reconsiders_days", "rules"),
    ("deal.*", "deal"),
    ("world.*", "world"),
    ("*", "other"),
)
"""Pattern and kind. The discount belongs to what an actor wants, the review dates to how it chooses."""

MIXED: Final = "mixed"


def kind_of(paths: Sequence[str]) -> str:
    """Return the kind of a factor.

    Parameters
    ----------
    paths : sequence of str
        Dotted paths that the factor sets; at least one.

    Returns
    -------
    str
        One of `KINDS`, or ``mixed`` if its paths are of several kinds.

    Examples
    --------
    >>> kind_of(["deal.outcomes.settlement.per_day"]), kind_of(["actors.state.rule.lam_per_util"])
    ('hazards', 'rules')
    >>> kind_of(["actors.state.payoff.at_outcome.settlement", "world.reputation.gain"])
    'mixed'
    """
    kinds = {next(kind for pattern, kind in KINDS if fnmatchcase(path, pattern)) for path in paths}
    return kinds.pop() if len(kinds) == 1 else MIXED
