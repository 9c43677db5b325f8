"""The decision rules and payoff models that a scenario file may name, each described once.

A rule is a pair: a *valuation* gives each move a value, a *response* turns values into probabilities. A *payoff model*
turns weighted features into utils. Files name only functions that exist in Python, those of the tables below or those
that a user registered, so no file can run code.

An entry here is the one line that adds a function to the package: checks, explanations, documentation, comparisons
under every rule and the registry of functions (`sim.rules.registry`) read it. The function itself is named as text and
is imported when a scenario that uses it is encoded or bound; the parameters that it reads are declared beside it, as
``PARAMETERS`` of its module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from sim.errors import UsageError
from sim.scenario.feature_reference import NAME

Kind: TypeAlias = Literal["valuation", "response", "payoff_model"]
Need: TypeAlias = Literal[
    "valuation", "lam_per_util", "horizon_days", "policy", "solution", "keeps_deal", "answers_breach"
]
"""What an actor must declare: keys of its ``rule``, the scenario's solution or, the last two, moves."""


@dataclass(frozen=True, slots=True)
class NamedFunction:
    """A function that scenarios choose by name.

    Attributes
    ----------
    number : int
        As encoded in Params; never reused for another function.
    name : str
        As written in scenarios.
    words : str
        What it does, to go on "the actor" (a response), "values" (a valuation) or "utility is" (a payoff model).
    needs : tuple of str
        What an actor that uses it must declare.
    module : str
        Where the function is, if not in the module of its name in the package of its kind; empty for a user's function,
        which is registered as an object.
    """

    package: ClassVar[str] = ""
    number: int
    name: str
    words: str = ""
    needs: tuple[Need, ...] = ()
    module: str = ""

    @property
    def target(self) -> str:
        """The function as "module:function"."""
        return f"{self.module or f'{self.package}.{self.name}'}:{self.name}"


@dataclass(frozen=True, slots=True)
class Response(NamedFunction):
    """From values to probabilities."""

    package: ClassVar[str] = "sim.rules.response"


@dataclass(frozen=True, slots=True)
class Valuation(NamedFunction):
    """The values of moves.

    Attributes
    ----------
    compared_with : tuple of (str, float)
        Parameters with which it takes part in comparisons under every rule, if not its defaults.
    runs_divisor : int
        By how much fewer runs it gets there, for what one run costs.
    """

    package: ClassVar[str] = "sim.rules.valuation"
    compared_with: tuple[tuple[str, float], ...] = ()
    runs_divisor: int = 1


@dataclass(frozen=True, slots=True)
class PayoffModel(NamedFunction):
    """From weighted features to utils."""

    package: ClassVar[str] = "sim.model.payoff_models"


RESPONSES: Final[tuple[Response, ...]] = (
    Response(0, "argmax", "takes the move of the highest value", ("valuation",)),
    Response(1, "logit", "chooses by logit, better moves more often", ("valuation", "lam_per_util")),
    Response(
        5,
        "reciprocal",
        "keeps the deal while the others keep it, and answers a breach",
        ("keeps_deal", "answers_breach"),
    ),
    Response(4, "schedule_as_written", "does what keeps the deal, whatever it is worth", ("keeps_deal",)),
    Response(2, "uniform", "takes every legal move with the same probability"),
    Response(6, "equilibrium", "plays the policy of a solved game that it drew on day 0", ("solution",)),
    Response(3, "scripted", "follows a script: what stands goes on until its next date"),
)
VALUATIONS: Final[tuple[Valuation, ...]] = (
    Valuation(0, "none", "0 for every move"),
    Valuation(1, "drift", "followed along the mean path", ("horizon_days",)),
    Valuation(
        4,
        "lookahead",
        "played ahead in sampled worlds",
        ("horizon_days",),
        module="sim.kernel.rollout",
        compared_with=(("depth", 2.0), ("rollouts", 2.0)),
        runs_divisor=20,
    ),
    Valuation(3, "fictitious_play", "against what the others have played so far", ("horizon_days",)),
    Valuation(2, "ewa", "learned from what moves brought", ("horizon_days",)),
    Valuation(5, "table", "by coefficients of what the actor sees", ("policy",)),
)
PAYOFF_MODELS: Final[tuple[PayoffModel, ...]] = (
    PayoffModel(0, "linear", "the sum of weights times features"),
    PayoffModel(1, "power", "the sum of weights times powers of features"),
    PayoffModel(2, "prospect", "gains and losses against references, losses weighing more"),
    PayoffModel(3, "cobb_douglas", "a product of features, worth nothing without any one of them"),
)
BUILT_IN: Final[Mapping[Kind, tuple[NamedFunction, ...]]] = {
    "valuation": VALUATIONS,
    "response": RESPONSES,
    "payoff_model": PAYOFF_MODELS,
}
_registered: Final[dict[Kind, list[NamedFunction]]] = {kind: [] for kind in BUILT_IN}


def functions(kind: Kind) -> tuple[NamedFunction, ...]:
    """List the functions of a kind, built-in ones first, then registered ones in order of registration."""
    return (*BUILT_IN[kind], *_registered[kind])


def names(kind: Kind) -> tuple[str, ...]:
    """List the names of a kind that scenarios may use.

    Examples
    --------
    >>> names("payoff_model")[0]
    'linear'
    """
    return tuple(function.name for function in functions(kind))


def function_named(kind: Kind, name: str) -> NamedFunction:
    """Return what is known of a function.

    Raises
    ------
    UsageError
        If no function of that kind has the name.

    Examples
    --------
    >>> function_named("valuation", "lookahead").target
    'sim.kernel.rollout:lookahead'
    """
    for function in functions(kind):
        if function.name == name:
            return function
    raise UsageError(f"no {kind} is called {name!r}; there are: {', '.join(names(kind))}")


def register_function(kind: Kind, name: str, words: str = "", needs: tuple[Need, ...] = ()) -> NamedFunction:
    """Let scenario files use a further name; `sim.register` calls this with a function to go with it.

    Parameters
    ----------
    kind : {"valuation", "response", "payoff_model"}
        What the name stands for.
    name : str
        Letters, digits and underscores.
    words : str
        What it does, for explanations; see `NamedFunction`.
    needs : tuple of str
        What an actor that uses it must declare.

    Returns
    -------
    NamedFunction
        With the next number of its kind; the known one if the name is known already.

    Raises
    ------
    UsageError
        If the kind is unknown or a name is no identifier.
    """
    if kind not in BUILT_IN:
        raise UsageError(f"kind {kind!r} is none of {', '.join(BUILT_IN)}")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise UsageError(f"found name {name!r}, expected letters, digits and underscores, such as my_{kind}")
    if name not in names(kind):
        number = 1 + max(function.number for function in functions(kind))
        _registered[kind].append(NamedFunction(number, name, words, needs))
    return function_named(kind, name)
