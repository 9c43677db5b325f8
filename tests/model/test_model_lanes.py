"""What a mean path calls is written so that one source could move several worlds side by side (`sim.model.lanes`).

A branch on Params or on the date is the same for all worlds and may be an ``if``. A choice on State may differ from
world to world: it is a `where`, or stands behind `some`.
"""

import ast
from pathlib import Path

import sim.model

FOLDER = Path(sim.model.__file__).parent
SAME_FOR_ALL = {"some", "epidemic_now"}
ROWS_BY_WORLD = {
    # Threats are read at the row of the flow that the standing move names, a condition is a program on a stack of bits:
    # each world takes its own path through them.
    "holds",
    "threat_acts",
    "begin_threat",
    "end_threats",
    "execution_rate",
    "expected_threats",
}


def functions() -> dict[str, ast.FunctionDef]:
    """Return every function of the model by name; no two share one."""
    found: dict[str, ast.FunctionDef] = {}
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                assert node.name not in found, f"{path.name}: another {node.name}"
                found[node.name] = node
    return found


def called_from(start: str, known: dict[str, ast.FunctionDef]) -> set[str]:
    """Return the functions of the model that a function calls, directly or not."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            calls = (node for node in ast.walk(known[name]) if isinstance(node, ast.Call))
            waiting += [node.func.id for node in calls if isinstance(node.func, ast.Name) and node.func.id in known]
    return reached


def depends_on_the_world(expression: ast.expr, local: set[str]) -> bool:
    """Return whether an expression reads State, or a local variable that does, other than what all worlds share."""
    if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name):
        if expression.func.id in SAME_FOR_ALL:
            return False
    elif isinstance(expression, ast.Attribute) and isinstance(expression.value, ast.Name):
        return expression.value.id == "state" and expression.attr != "tick"
    elif isinstance(expression, ast.Name):
        return expression.id == "state" or expression.id in local
    children = (child for child in ast.iter_child_nodes(expression) if isinstance(child, ast.expr))
    return any(depends_on_the_world(child, local) for child in children)


def branches_on_the_world(function: ast.FunctionDef) -> list[str]:
    """Return the branches of a function that differ from world to world, as written."""
    local: set[str] = set()
    while True:
        before = len(local)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign) and depends_on_the_world(node.value, local):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
                local |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        if len(local) == before:
            break
    tests = [node.test for node in ast.walk(function) if isinstance(node, ast.If | ast.IfExp | ast.While)]
    return [ast.unparse(test) for test in tests if depends_on_the_world(test, local)]


def test_a_mean_path_branches_on_nothing_that_differs_between_worlds():
    """Of all functions that a step of the mean path calls, only those listed above branch on State."""
    known = functions()
    reached = called_from("expected_step", known)
    assert {"expected_release", "excite", "hazard_rate", "review_reputation"} <= reached
    found = {name: branches_on_the_world(known[name]) for name in sorted(reached - ROWS_BY_WORLD)}
    assert {name: tests for name, tests in found.items() if tests} == {}
    assert all(branches_on_the_world(known[name]) for name in ROWS_BY_WORLD)


def test_the_check_sees_a_branch_on_the_world():
    """A branch on State counts, one on Params, on the date or behind `some` does not."""
    source = """
def f(state, params):
    if state.talks > 0.0: pass
    if params.on[0] != 0: pass
    if state.tick > params.void_until: pass
    if some(state.talks > 0.0): pass
    gap = state.freed[0] - state.counted[0]
    if gap > 0.0: pass
"""
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert branches_on_the_world(function) == ["state.talks > 0.0", "gap > 0.0"]
