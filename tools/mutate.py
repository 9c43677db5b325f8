"""Change the model one place at a time and print which changes no test of the model notices.

A *mutant* is one function of ``sim/model`` or ``sim/kernel`` with one operator, comparison, constant, condition or
statement changed. It *dies* if a test fails on it, and *lives* if all pass: then the tests do not hold the number that
the change moved. Usage::

    python tools/mutate.py                     the named mutants and a sample of 300
    python tools/mutate.py --all captives      every mutant of one module
    python tools/mutate.py --seed 3 --jobs 4   another sample, on more processors
    python tools/mutate.py --list talks        what would be run

Nothing is compiled (``NUMBA_DISABLE_JIT=1``), so a function is changed by giving it other byte code, in place: all who
imported it run the mutant. Each mutant has a process of its own, forked after the tests were collected, which runs only
the tests that call the function and stops at the first that fails: a fraction of a second a mutant.

Tools that exist do not serve: mutmut (3.8) skips every function with a decorator, and here each has one; cosmic-ray
(8.7) starts an interpreter and imports everything for each mutant, some three seconds, and never drops a statement.
"""

from __future__ import annotations

import os

if __name__ == "__main__":  # before anything imports Numba; who only imports this module keeps compiling
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"

import argparse
import ast
import contextlib
import copy
import gc
import importlib
import json
import random
import re
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("sim/model", "sim/kernel")
ENGINE = {
    "layout": "joins the parts of the records",
    "record": "lays records out from their classes",
    "rule_parameter": "declares parameters of rules",
    "feature_call": "calls features by their address",
    "lanes": "chooses between two numbers",
    "log": "the buffer of events, which the engines' parity holds",
    "series": "daily values, which the engines' parity holds",
    "outcome_row": "the row of a run, which the engines' parity holds",
    "clocks": "dates, which the engines' parity holds",
    "calendars": "dated lists",
    "bound": "binds scenarios to addresses",
    "begin": "the order in which a run begins",
    "entry": "calls the rest by its address",
    "dispatch": "calls the rest by its clock",
    "decision": "belongs to decisions",
    "rollout": "belongs to the rule `lookahead`",
}
"""Modules that hold no mechanism, and what they hold; ``--everywhere`` mutates them too."""
TESTS = "tests/model/test_laws_of_*.py"
"""They hold single functions of the model; tests that play whole runs take seconds each in the interpreter."""
LIMIT_SECONDS = 60
"""A mutant that loops for ever is dead after this."""
GOAL = 0.9

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
OTHER_NAME = {"min": "max", "max": "min", "exp": "log", "floor": "ceil", "ceil": "floor", "cos": "exp"}


@dataclass(frozen=True)
class Named:
    """A mutant that must die whatever the sample: a slip that tests once let pass."""

    function: str
    before: str
    after: str


NAMED = (
    Named("cost_of_batch", "params.cost_exponent[group] + 1.0", "params.cost_exponent[group] + 0.9"),
    Named("evidence", "(2.0 * sd * sd)", "(sd * sd)"),
    Named("expected_talks", "(talks - settled) / going_on", "talks"),
    Named("legality", "waited < params.cooldown", "waited <= params.cooldown"),
    Named("divide_by_release", "(quiet + (1.0 - quiet) * violence)", "quiet"),
    Named("expect_answers", "answer >= 0 and legality(state, params, tables, other, answer) == LEGAL", "answer >= 0"),
    Named("aid_paid", "min(max(x, 0.0), 1.0)", "x"),
    Named("expected_recall", "state.pending[group] * persons / where(freed > 0.0, freed, 1.0)", "0.0"),
)


@dataclass(frozen=True)
class Mutant:
    """One function with one change.

    Attributes
    ----------
    module, function : str
        Where it is.
    line : int
        In its file.
    change : str
        The statement before and after.
    tree : FunctionDef
        The changed function.
    """

    module: str
    function: str
    line: int
    change: str
    tree: ast.FunctionDef

    def __str__(self) -> str:
        """Return the place and the change on one line."""
        return f"{self.module.replace('.', '/')}.py:{self.line}: {self.function}: {self.change}"

    @property
    def key(self) -> str:
        """What the list of equivalent mutants calls it: free of modules and lines, which move."""
        return f"{self.function}: {self.change}"

    def apply(self) -> None:
        """Let everybody in this process run the mutant."""
        function = vars(importlib.import_module(self.module))[self.function]
        assert isinstance(function, FunctionType), "something is compiled"
        function.__code__ = code_of(self.module, self.tree)


def modules(everywhere: bool) -> Iterator[str]:
    """Yield the modules to mutate, in order."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).glob("*.py")):
            if path.stem != "__init__" and (everywhere or path.stem not in ENGINE):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def functions(module: str) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a module as they are written, without their decorators and docstrings."""
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            yield node


def code_of(module: str, function: ast.FunctionDef) -> CodeType:
    """Compile a function as if it stood in its module."""
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    future = ast.parse("from __future__ import annotations").body
    tree = ast.fix_missing_locations(ast.Module([*future, function], []))
    scope: dict[str, Any] = {}
    exec(compile(tree, str(path), "exec"), scope)  # the function's own source, changed in one place
    code: CodeType = scope[function.name].__code__
    return code


def _number(value: float) -> float:
    """Return another number: the next integer, a tenth less, or one for zero."""
    if isinstance(value, int):
        return value + 1
    return 1.0 if value == 0.0 else 0.9 * value


def _changes_of(node: ast.AST, rebound: set[str]) -> Iterator[Callable[[Any], ast.AST | None]]:
    """Yield functions that change a copy of a node in place, or return what takes its place."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:

        def arithmetic(n: Any) -> None:
            n.op = ARITHMETIC[type(n.op)]()

        yield arithmetic
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISON:

        def comparison(n: Any) -> None:
            n.ops[0] = COMPARISON[type(n.ops[0])]()

        yield comparison
    if isinstance(node, ast.BoolOp):

        def connective(n: Any) -> None:
            n.op = ast.Or() if isinstance(n.op, ast.And) else ast.And()

        yield connective
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield lambda n: n.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda n: ast.Constant(not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield lambda n: ast.Constant(_number(n.value))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OTHER_NAME:

        def other_function(n: Any) -> None:
            n.func.id = OTHER_NAME[n.func.id]

        if node.func.id in {"min", "max"}:
            yield other_function
    if isinstance(node, ast.If | ast.IfExp | ast.While):

        def negated(n: Any) -> None:
            n.test = ast.UnaryOp(ast.Not(), n.test)

        yield negated
    if isinstance(node, ast.Continue):
        yield lambda _: ast.Break()
    if _may_go(node, rebound):
        yield lambda _: ast.Pass()


def _may_go(node: ast.AST, rebound: set[str]) -> bool:
    """Return whether a statement can be dropped without leaving a name unbound."""
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], ast.Name) or node.targets[0].id in rebound
    return isinstance(node, ast.AugAssign | ast.Expr)


def _rebound(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function binds more than once."""
    bound = Counter(n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return {name for name, times in bound.items() if times > 1}


def _addresses(function: ast.FunctionDef) -> set[ast.AST]:
    """Return what addresses random numbers: another address is other luck of the same law. Golden runs hold it."""
    calls = [n for n in ast.walk(function) if isinstance(n, ast.Call) and ast.unparse(n.func) == "uniform"]
    return {inner for call in calls for argument in call.args for inner in ast.walk(argument)}


def _statement_of(function: ast.FunctionDef) -> dict[int, ast.stmt]:
    """Return for each node (by its place in a walk) the innermost statement around it."""
    around: dict[ast.AST, ast.stmt] = {}

    def visit(node: ast.AST, statement: ast.stmt) -> None:
        inner = node if isinstance(node, ast.stmt) else statement
        around[node] = inner
        for child in ast.iter_child_nodes(node):
            visit(child, inner)

    visit(function, function)
    return {place: around[node] for place, node in enumerate(ast.walk(function))}


def _head(statement: ast.stmt) -> str:
    """Return a statement in one line; of one with a body only its head."""
    if isinstance(statement, ast.If | ast.While | ast.For):
        statement = copy.copy(statement)
        statement.body, statement.orelse = [ast.Pass()], []
        return ast.unparse(statement).partition("\n")[0]
    return " ".join(ast.unparse(statement).split())


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def mutants_of(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its text."""
    for function in functions(module):
        rebound = _rebound(function)
        statements = _statement_of(function)
        addresses = _addresses(function)
        for place, node in enumerate(ast.walk(function)):
            if place == 0 or node in addresses or isinstance(node, ast.arguments | ast.arg):
                continue
            for number in range(len(list(_changes_of(node, rebound)))):
                changed = copy.deepcopy(function)
                target = list(ast.walk(changed))[place]
                statement = _statement_of(changed)[place]
                change = list(_changes_of(target, rebound))[number]
                instead = change(target)
                if instead is not None:
                    changed = _Replace(target, instead).visit(changed)
                    if target is statement and isinstance(instead, ast.stmt):
                        statement = instead
                before, after = _head(statements[place]), _head(statement)
                line = statements[place].lineno
                yield Mutant(module, function.name, line, f"{before}  ->  {after}", changed)


def named_mutants(names: Iterable[str]) -> list[Mutant]:
    """Return the named mutants; each must still be found in the code."""
    found: list[Mutant] = []
    for module in names:
        for function in functions(module):
            for named in NAMED:
                text = ast.unparse(function)
                if function.name == named.function:
                    before, after = _plain(named.before), _plain(named.after)
                    if before not in text:
                        raise SystemExit(f"a named mutant is out of date: no {named.before!r} in {named.function}")
                    tree = ast.parse(text.replace(before, after, 1)).body[0]
                    assert isinstance(tree, ast.FunctionDef)
                    change = f"{named.before}  ->  {named.after}"
                    found.append(Mutant(module, named.function, function.lineno, change, tree))
    if missing := {n.function for n in NAMED} - {m.function for m in found}:
        raise SystemExit(f"named mutants are out of date: no function {', '.join(sorted(missing))}")
    return found


def _plain(text: str) -> str:
    """Return a piece of an expression as `ast.unparse` writes it, where it is one."""
    with contextlib.suppress(SyntaxError):
        whole = ast.unparse(ast.parse(text, mode="eval"))
        return f"({whole})" if text.startswith("(") and text.endswith(")") and not whole.startswith("(") else whole
    return text


def equivalent() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return the patterns of mutants that compute the same as the model: of all of it, and of what stands after."""
    listed = tomllib.loads((ROOT / "tools" / "equivalent_mutants.toml").read_text(encoding="utf-8"))
    return [(re.compile(entry["mutant"]), re.compile("|".join(entry["only"]))) for entry in listed["equivalent"]]


def is_equivalent(mutant: Mutant, listed: list[tuple[re.Pattern[str], re.Pattern[str]]]) -> bool:
    """Tell whether a mutant is listed: a pattern of its key matches, and one of the new text that the old has not."""
    before, _, after = mutant.change.partition("  ->  ")
    return any(
        whole.fullmatch(mutant.key) and len(new.findall(after)) > len(new.findall(before)) for whole, new in listed
    )


class Loop:
    """A pytest plugin that runs the collected tests against each mutant instead of once."""

    def __init__(self, mutants: list[Mutant], jobs: int) -> None:
        self.mutants, self.jobs = mutants, jobs
        self.killers: dict[int, str] = {}
        self.living: list[Mutant] = []
        self.seconds = 0.0
        self._failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a failure."""
        if report.failed:
            self._failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests once to see which functions each calls; then run each mutant's tests on it."""
        started = time.monotonic()
        calls, seconds = self._observe(session)
        print(f"{len(calls)} tests pass in {time.monotonic() - started:.0f} s without a mutant")
        items = sorted(session.items, key=lambda item: (seconds[item.nodeid], item.nodeid))
        gc.freeze()  # children share the pages of what is alive now
        started = time.monotonic()
        running: dict[int, tuple[int, Mutant, Path]] = {}
        with tempfile.TemporaryDirectory() as folder:
            for number, mutant in enumerate(self.mutants):
                place = f"{mutant.module}:{mutant.function}"
                tests = [item for item in items if place in calls[item.nodeid]]
                while len(running) >= self.jobs:
                    self._reap(running)
                report = Path(folder) / str(number)
                child = os.fork()
                if child == 0:
                    self._child(lambda m=mutant, t=tests, r=report: self._attack(m, t, r))  # type: ignore[misc]
                running[child] = (number, mutant, report)
            while running:
                self._reap(running)
        self.seconds = time.monotonic() - started
        return True

    def _child(self, work: Callable[[], None]) -> None:
        """Do some work in a forked process, without a word, and leave it."""
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        try:
            work()
        except BaseException:  # whatever it was, the parent sees the exit status and no second copy of itself
            os._exit(3)
        os._exit(0)

    def _attack(self, mutant: Mutant, tests: list[pytest.Item], report: Path) -> None:
        signal.alarm(LIMIT_SECONDS)
        mutant.apply()
        for item in tests:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if self._failed:
                report.write_text(self._failed, encoding="utf-8")
                os._exit(1)

    def _reap(self, running: dict[int, tuple[int, Mutant, Path]]) -> None:
        """Wait for a child and book its mutant as dead or alive."""
        child, status = os.wait()
        number, mutant, report = running.pop(child)
        if status == 0:
            self.living.append(mutant)
            print(f"lives  {mutant}", flush=True)
        else:
            self.killers[number] = report.read_text(encoding="utf-8") if report.exists() else "ran too long or crashed"

    def _observe(self, session: pytest.Session) -> tuple[dict[str, set[str]], dict[str, float]]:
        """Return the functions that each test calls, and how long it takes; all must pass."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "calls"
            child = os.fork()
            if child == 0:
                self._child(lambda: self._run_once(session, report))
            os.waitpid(child, 0)
            if not report.exists():
                raise SystemExit(
                    "the tests did not come to an end without a mutant; run them under NUMBA_DISABLE_JIT=1"
                )
            seen: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        if seen["failed"]:
            raise SystemExit(f"fails without a mutant: {seen['failed']}")
        return {name: set(called) for name, called in seen["calls"].items()}, seen["seconds"]

    def _run_once(self, session: pytest.Session, report: Path) -> None:
        places = {str(ROOT / Path(*m.split(".")).with_suffix(".py")): m for m in modules(everywhere=True)}
        calls: dict[str, list[str]] = {}
        seconds: dict[str, float] = {}
        seen: set[CodeType] = set()

        def profile(frame: FrameType, event: str, _: Any) -> None:
            if event == "call":
                seen.add(frame.f_code)

        for item in session.items:
            seen.clear()
            started = time.monotonic()
            sys.setprofile(profile)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            sys.setprofile(None)
            seconds[item.nodeid] = round(time.monotonic() - started, 2)
            found = {f"{places[c.co_filename]}:{c.co_name}" for c in seen if c.co_filename in places}
            calls[item.nodeid] = sorted(found)
        report.write_text(json.dumps({"calls": calls, "seconds": seconds, "failed": self._failed}), encoding="utf-8")


def main() -> int:
    """Run mutants and return 0 if all named ones and nine of ten others die."""
    parser = argparse.ArgumentParser(description="Change the model one place at a time; print what no test notices.")
    parser.add_argument("modules", nargs="*", help="names such as captives; default: every mechanism")
    parser.add_argument("--all", action="store_true", help="every mutant, not a sample")
    parser.add_argument("--number", type=int, default=300, help="size of the sample")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    parser.add_argument("--list", action="store_true", help="print the mutants and run none")
    parser.add_argument("--everywhere", action="store_true", help="modules too that hold no mechanism")
    parser.add_argument("--tests", nargs="+", help=f"folders or files of tests; default: {TESTS}")
    chosen = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    names = list(modules(chosen.everywhere or bool(chosen.modules)))
    if chosen.modules:
        names = [name for name in names if name.rpartition(".")[2] in chosen.modules]
    same = equivalent()
    every = [mutant for name in names for mutant in mutants_of(name)]
    left = [mutant for mutant in every if not is_equivalent(mutant, same)]
    named = named_mutants(modules(everywhere=True)) if not chosen.modules else []
    sample = left if chosen.all else random.Random(chosen.seed).sample(left, min(chosen.number, len(left)))
    print(
        f"{len(every)} mutants, {len(every) - len(left)} equivalent, {len(sample)} drawn, {len(named)} named",
        flush=True,
    )
    if chosen.list:
        print(*named, *sample, sep="\n")
        return 0
    loop = Loop([*named, *sample], chosen.jobs)
    options = ["-n", "0", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-s"]
    tests = chosen.tests or sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(TESTS))
    pytest.main([*options, *tests], plugins=[loop])
    if not loop.killers:
        return 2
    spared = sum(mutant in loop.living for mutant in named)
    died = sum(number >= len(named) for number in loop.killers)
    print(f"\n{died} of {len(sample)} died ({died / max(len(sample), 1):.1%})", end=", ")
    print(f"{len(named) - spared} of {len(named)} named")
    print(f"{loop.seconds:.0f} s, {1000 * loop.seconds / len(loop.mutants):.0f} ms a mutant")
    most = Counter(loop.killers.values()).most_common(5)
    print("killed most by:", ", ".join(f"{name} {times}" for name, times in most))
    return 0 if spared == 0 and died >= GOAL * len(sample) else 1


if __name__ == "__main__":
    raise SystemExit(main())
