"""Compiled functions keep to the subset of Python in which compiled and interpreted runs are equal to the bit.

Scanned are the functions of ``sim/elementary.py``, ``sim/random``, ``sim/model``, ``sim/rules`` and ``sim/kernel`` that
are compiled: decorated with ``@compiled`` (or a ``register...`` decorator), handed by name to ``compiled``,
``address_of`` or ``register...``, or having the fixed parameters of a valuation, a response or a payoff model.

Two traps: compiled, ``x ** 3`` and ``x ** n`` with a whole n become products (of 200,000 such values 25 and 66 %
differed in the last bit); and ``exp``, ``log``, ``pow``, ``sin`` and ``cos`` of `math` are those of the C library,
which differ from one machine to the next.
"""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
FOLDERS = ("random", "model", "rules", "kernel")
ELEMENTARY = PACKAGE / "elementary.py"
BRIDGE = "rules/interpreted.py"  # crosses over to plain Python, on purpose
COMPILERS = {"compiled", "called", "address_of", "decorate_cached", "njit", "jit", "cfunc"}
FIXED_PARAMETERS = {
    ("state", "params", "tables", "actor", "values", "terms"),
    ("values", "state", "params", "tables", "actor", "probabilities"),
    ("features", "weights", "parameters", "count", "terms"),
}
# What IEEE 754 rounds the same way everywhere, or has no rounding.
MATH = {"sqrt", "floor", "ceil", "isnan", "isinf", "isfinite", "inf", "nan", "pi"}
NUMPY = {"empty", "zeros", "ones", "full", "empty_like", "zeros_like", "nan", "inf", "pi", "ndarray"}
NUMPY |= {"float64", "int64", "int32", "int16", "int8", "uint8", "bool_"}
BUILTINS = {"abs", "min", "max", "int", "float", "bool", "range", "len", "enumerate", "zip"}
REDUCTIONS = {"sum", "mean", "prod", "dot", "std", "var", "cumsum", "cumprod", "max", "min", "argmax", "argmin"}
REDUCTIONS |= {"all", "any", "sort", "argsort"}
STATEMENTS = {
    ast.Raise: "raise",
    ast.Assert: "assert",
    ast.Try: "try",
    ast.TryStar: "try",
    ast.With: "with",
    ast.Yield: "yield",
    ast.Lambda: "lambda",
}


def last_name(node: ast.expr) -> str:
    """Return ``c`` for ``a.b.c``, ``a.b.c(...)`` and ``c``."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def compiles(name: str) -> bool:
    """Tell whether a decorator or a call of this name has functions compiled."""
    return name in COMPILERS or name.startswith("register")


def handed_over(trees: list[ast.Module]) -> set[str]:
    """Return the names of functions that are handed to a compiler or a registry."""
    names = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and compiles(last_name(node.func)):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                names.update(last_name(value) for value in given if isinstance(value, ast.Name | ast.Attribute))
    return names


def compiled_functions(tree: ast.Module, names: set[str]) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a module that are compiled."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            parameters = tuple(argument.arg for argument in node.args.args)
            if (
                any(compiles(last_name(decorator)) for decorator in node.decorator_list)
                or node.name in names
                or parameters in FIXED_PARAMETERS
            ):
                yield node


def imported(tree: ast.Module) -> dict[str, str]:
    """Map the module's names to what they were imported as, such as ``np`` to ``numpy``, ``exp`` to ``math.exp``."""
    origin = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            origin.update({name.asname or name.name: name.name for name in node.names})
        elif isinstance(node, ast.ImportFrom):
            origin.update({name.asname or name.name: f"{node.module}.{name.name}" for name in node.names})
    return origin


def dotted(node: ast.expr, origin: dict[str, str]) -> str:
    """Return the full dotted name of an expression, or nothing if it is no plain name."""
    if isinstance(node, ast.Name):
        return origin.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (start := dotted(node.value, origin)):
        return f"{start}.{node.attr}"
    return ""


def violations(function: ast.FunctionDef, origin: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Yield line and reason of everything in a compiled function's body that is outside the subset."""
    for node in (inner for statement in function.body for inner in ast.walk(statement)):
        line = getattr(node, "lineno", function.lineno)
        for kind, word in STATEMENTS.items():
            if isinstance(node, kind):
                yield line, word
        if isinstance(node, ast.BinOp | ast.AugAssign):
            if isinstance(node.op, ast.Pow):
                yield line, "**"
            if isinstance(node.op, ast.MatMult):
                yield line, "@"
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = dotted(node, origin)
            if name.startswith("math.") and name.removeprefix("math.") not in MATH:
                yield line, name
            if name.startswith("numpy.") and name.removeprefix("numpy.") not in NUMPY:
                yield line, name
        if isinstance(node, ast.Call):
            name = dotted(node.func, origin)
            if hasattr(builtins, name) and name not in BUILTINS:
                yield line, f"{name}()"
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in REDUCTIONS
                and not name.startswith(("math.", "numpy."))
            ):
                yield line, f".{node.func.attr}()"


def fast_math(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every use of the keyword ``fastmath``, compiled function or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "fastmath":
                    yield node.lineno, "fastmath"


def found(source: str) -> list[str]:
    """Return the reasons for which a module's source is outside the subset."""
    tree = ast.parse(source)
    origin = imported(tree)
    reasons = [reason for _, reason in fast_math(tree)]
    for function in compiled_functions(tree, handed_over([tree])):
        reasons += [reason for _, reason in violations(function, origin)]
    return reasons


def package_trees() -> dict[Path, ast.Module]:
    """Parse every source file of the scanned folders."""
    paths = sorted(path for folder in FOLDERS for path in (PACKAGE / folder).rglob("*.py") if path != PACKAGE / BRIDGE)
    paths.append(ELEMENTARY)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def test_every_compiled_function_keeps_to_the_subset():
    """No compiled function of the scanned folders holds a forbidden construct."""
    trees = package_trees()
    names = handed_over(list(trees.values()))
    wrong = []
    for path, tree in trees.items():
        origin = imported(tree)
        places = [*fast_math(tree)]
        for function in compiled_functions(tree, names):
            places += violations(function, origin)
        wrong += [f"{path.relative_to(PACKAGE.parent)}:{line}: {reason}" for line, reason in places]
    assert not wrong, "not in the compiled subset:\n" + "\n".join(wrong)


def test_the_scan_finds_the_compiled_functions():
    """The scan sees the samplers, so an empty list of violations means something."""
    trees = package_trees()
    names = handed_over(list(trees.values()))
    scanned = {function.name for tree in trees.values() for function in compiled_functions(tree, names)}
    assert {"philox4x32", "uniform", "poisson", "negative_binomial", "_fraction", "exp", "power"} <= scanned


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return x ** 2", "**"),
        ("return 2.0 ** x", "**"),
        ("return x ** a", "**"),
        ("x **= 0.5\n    return x", "**"),
        ("return math.pow(x, a)", "math.pow"),
        ("return math.exp(x)", "math.exp"),
        ("return math.log(x)", "math.log"),
        ("return math.cos(x)", "math.cos"),
        ("return a @ a", "@"),
        ("return math.lgamma(x)", "math.lgamma"),
        ("return tanh(x)", "math.tanh"),
        ("return np.exp(x)", "numpy.exp"),
        ("return np.sum(a)", "numpy.sum"),
        ("return np.random.random()", "numpy.random.random"),
        ("return a.sum()", ".sum()"),
        ("return sum(a)", "sum()"),
        ("return round(x)", "round()"),
        ("print(x)", "print()"),
        ("raise ValueError", "raise"),
        ("assert x > 0", "assert"),
        ("try:\n        return x\n    except ValueError:\n        return 0", "try"),
    ],
)
def test_forbidden_constructs_are_seen(body, reason):
    """Each construct outside the subset is found in a compiled function, and not in a plain one."""
    head = "import math\nimport numpy as np\nfrom math import tanh\n"
    assert reason in found(f"{head}@compiled\ndef f(x, a):\n    {body}\n")
    assert found(f"{head}def f(x, a):\n    {body}\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "return exp(x) + log(x) + math.sqrt(abs(x)) + cosine_of_turn(x)",
        "return power(x, a[0])",
        "b = np.zeros(3)\n    for i in range(len(b)):\n        b[i] = max(x, float(i))\n    return b",
        "return int(x // 1.0) if math.floor(x) > 0 else other(x)",
    ],
)
def test_the_subset_itself_is_free(body):
    """What the model needs is allowed."""
    assert found(f"import math\nimport numpy as np\n@compiled\ndef f(x, a):\n    {body}\n") == []


@pytest.mark.parametrize(
    "source",
    [
        "@compiled\ndef f(x):\n    assert x\n",
        "@sim.compiled.compiled\ndef f(x):\n    assert x\n",
        "@register_valuation('drift')\ndef f(x):\n    assert x\n",
        "def f(x):\n    assert x\ng = compiled(f)\n",
        "def f(x):\n    assert x\nregister_response('logit', f)\n",
        "def f(x):\n    assert x\nADDRESS = address_of(f, SIGNATURE)\n",
        "def f(state, params, tables, actor, values, terms):\n    assert actor\n",
        "def f(values, state, params, tables, actor, probabilities):\n    assert actor\n",
    ],
)
def test_every_way_to_be_compiled_is_seen(source):
    """Decorated, handed over by name, or of the fixed shape of a rule."""
    assert found(source) == ["assert"]


def test_fast_math_is_seen_anywhere():
    """The keyword is forbidden outside compiled functions too."""
    assert found("import numba\nf = numba.njit(g, fastmath=True)\n") == ["fastmath"]
