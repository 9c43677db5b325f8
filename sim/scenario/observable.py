"""What an actor can see of the world, and may therefore condition its policy on.

The features of the catalogue are public but for two. How many fighters a force has is known to the actor that owns it,
and how many of those let go have gone back to fighting to the actor that claimed them. What the others want (their
types, the spread of their weights) is no feature at all, and no policy can read it.
"""

from __future__ import annotations

from sim.scenario.feature_reference import FeatureRef
from sim.scenario.schema.scenario import Content


def seen_by(content: Content, actor: str, reference: FeatureRef) -> bool:
    """Return whether an actor can see a feature.

    Parameters
    ----------
    content : Content
        Of the scenario; the entities of the reference exist.
    actor : str
        A key of its actors.
    reference : FeatureRef
        The feature.

    Examples
    --------
    >>> import sim
    >>> from sim.scenario.feature_reference import parse_feature
    >>> toy = sim.load("toys/two_actors").content
    >>> [seen_by(toy, who, parse_feature("strength(fighters)")) for who in ("state", "rebels")]
    [False, True]
    """
    if reference.name == "strength":
        return content.world.armed_forces[reference.args[0]].actor == actor
    if reference.name == "returned":
        about = reference.args or tuple(content.deal.programmes)
        return all(content.deal.programmes[name].claimant == actor for name in about)
    return True
