"""What is attacked: each kind makes mutant number n of what a stranger may send, and does with it what a user would.

A trial returns ``refused``, ``accepted`` or ``failed run``. Any exception but the package's own is a fault; so is an
`AssertionError`, raised where an accepted mutant gives two answers to one question.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import functools
import hashlib
import io
import json
import os
import random
import shutil
import signal
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from attack_mutants import mutated, mutated_bytes, mutated_text

import sim
from sim.cli import main
from sim.errors import RunError, ScenarioError, SimError
from sim.experiments.definition import experiment_from, experiment_from_dict
from sim.experiments.run_record_of import run_record_of
from sim.experiments.sweep import begin, layout
from sim.experiments.sweep.journal import entry_of
from sim.games import ExtensiveForm, NormalForm
from sim.games.formats.stochastic_table import load_stochastic_table, read_stochastic_table, write_stochastic_table
from sim.record import load_record
from sim.scenario.load import builtin_root
from sim.store.canonical import digest_of
from sim.store.manifest import run_id
from sim.store.run_record import read_run_record, record_digest, replications_digest, write_run_record

Trial = Callable[[int], str]
TOY = "toys/two_actors"
SCENARIOS = (TOY, TOY, "toys/five_actors", "toys/captive_exchange", "doha_2020/baseline", "colombia_2016/baseline")


@functools.cache
def _plain(name: str) -> Any:
    return json.loads(json.dumps(sim.load(name).to_dict(), default=str))


# --- scenarios -----------------------------------------------------------------------------------------------------
def scenario(number: int) -> str:
    """Load a scenario from data or from text, and run it in both engines."""
    rng = random.Random(number)
    name = rng.choice(SCENARIOS)
    try:
        if rng.random() < 0.7:
            made = sim.Scenario.from_dict(mutated(_plain(name), rng))
        else:
            text = (builtin_root() / f"{name}.yaml").read_text()
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "a.yaml")
                path.write_bytes(mutated_text(text, rng))
                made = sim.load(path)
    except ScenarioError:
        return "refused"
    again = sim.Scenario.from_dict(json.loads(json.dumps(made.to_dict())))
    assert again == made, "another scenario after a round trip"
    try:
        return _run(made)
    except ScenarioError:  # rules and payoff models know their parameters when they are bound
        return "refused"


def _run(made: sim.Scenario) -> str:
    batch = sim.replicate(made, runs=2, seed=7, threads=1).outcome_table
    row = {name: values[0] for name, values in batch.items()}
    try:
        world = sim.run(made, seed=7, trace=False)
    except RunError:
        assert row["failure"] is not None, "only the event engine fails"
        return "failed run"
    assert row["failure"] is None, f"only the batch engine fails: {row['failure']}"
    assert digest_of({}, dict(world.outcome)) == digest_of({}, row), "the engines differ"
    return "accepted"


# --- experiments ---------------------------------------------------------------------------------------------------
EXPERIMENT: dict[str, Any] = {
    "schema_version": 1,
    "title": "Patience of both sides",
    "scenario": TOY,
    "set": {"horizon_days": 40},
    "vary": {
        "state": {"path": "actors.state.discount_per_year", "range": [0.05, 0.8], "scale": "log"},
        "rebels": {"path": "actors.rebels.discount_per_year", "choices": [0.05, 0.5]},
        "pace": {"multiplies": "deal.outcomes.settlement.per_day", "prior": {"beta": [2, 3]}},
    },
    "design": {"sobol": {"rows": 4, "seed": 1}},
    "replications": 2,
    "seed": 7,
    "common_luck": True,
    "outputs": ["outcome", "deaths", "settlement"],
    "max_failures": 3,
    "tipping_point": {"factor": "pace", "measure": "settlement", "level": 0.5, "tolerance": 0.05},
}
DESIGNS = (
    {"grid": {"levels": 2}},
    {"grid": {"levels": {"state": 2, "rebels": 2, "pace": 1}}},
    {"latin_hypercube": {"rows": 3}},
    {"saltelli": {"base_rows": 2}},
    {"morris": {"trajectories": 2, "levels": 4}},
    {"rows": {"values": {"state": [0.1, 0.2], "rebels": [0.05, 0.5], "pace": [0.5, 1.0]}}},
)


def experiment(number: int) -> str:
    """Read an experiment, sweep a few of its runs, and read them back."""
    rng = random.Random(number)
    data = EXPERIMENT | {"design": rng.choice((EXPERIMENT["design"], *DESIGNS))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.yaml")
        if rng.random() < 0.7:
            path.write_bytes(json.dumps(mutated(data, rng)).encode())
        else:
            path.write_bytes(mutated_text(json.dumps(data, indent=1), rng))
        try:
            made = sim.load_experiment(path)
            if made.runs > 40:
                made = made.resized(rows=min(made.rows, 8), replications=min(made.replications, 2))
            if made.runs > 400:
                return "refused"
            swept = sim.sweep(made, Path(folder, "out"), threads=1)
        except SimError:
            return "refused"
        assert swept.complete
        assert len(swept.summary) == made.rows
        assert experiment_from_dict(json.loads(json.dumps(made.to_dict()))).digest == made.digest
    return "accepted"


# --- records of what happened --------------------------------------------------------------------------------------
def record(number: int) -> str:
    """Read the CSV file of a record."""
    rng = random.Random(number)
    name = rng.choice(("doha_2020", "colombia_2016", "northern_ireland_1998"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(mutated_text((builtin_root() / "records" / f"{name}.csv").read_text(), rng))
        try:
            made = load_record(path)
        except SimError:
            return "refused"
        assert load_record(path) == made
    return "accepted"


# --- run records ---------------------------------------------------------------------------------------------------
@functools.cache
def _recorded() -> Path:
    toy = sim.load(TOY).replace({"horizon_days": 60})
    made = run_record_of(sim.run(toy, seed=7), sim.replicate(toy, 5, seed=7, threads=1), command=("sim", "run"))
    return write_run_record(Path(tempfile.mkdtemp(), "a"), made)


def manifest(number: int) -> str:
    """Rerun a record whose parts were changed, half of them signed anew so that every digest fits."""
    rng = random.Random(number)
    with tempfile.TemporaryDirectory() as top:
        folder = shutil.copytree(_recorded(), Path(top, "a"))
        name = rng.choice(
            ("manifest.json",) * 4 + ("outcome.json", "events.parquet", "series.parquet", "replications.parquet")
        )
        path = folder / name
        odd = rng.random() < 0.05
        if odd:
            _odd(path, rng)
        elif rng.random() < 0.2:
            path.write_bytes(mutated_bytes(path.read_bytes(), rng))
        elif name.endswith(".json"):
            path.write_text(_json(mutated(json.loads(path.read_text()), rng)))
        else:
            pq.write_table(_mutated_table(pq.read_table(path), rng), path)
        if not odd and rng.random() < 0.5:
            with contextlib.suppress(Exception):
                _sign(folder)
        command = rng.choice((["rerun"], ["rerun", "--json"], ["explain", "--date", "2020-02-01"]))
        code, said = _said([command[0], str(folder), *command[1:]])
    assert code in (0, 1, 2), f"exit code {code}"
    assert not {c for c in said if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f"}, "control characters"
    return "refused" if code == 2 else "accepted"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def _said(arguments: list[str]) -> tuple[int, str]:
    """Call the command and return its exit code and all that it wrote."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(arguments)
    return code, said.getvalue()


def _odd(path: Path, rng: random.Random) -> None:
    """Put something else in the place of a file."""
    path.unlink()
    match rng.randrange(5):
        case 0:
            os.mkfifo(path)
        case 1:
            path.symlink_to("/dev/zero")
        case 2:
            path.mkdir()
        case 3:
            with open(path, "wb") as file:
                file.truncate(1 << 40)


def _mutated_table(table: Any, rng: random.Random) -> Any:
    """Return a table with a column renamed, dropped, repeated, of another kind or with other values, or fewer rows."""
    i = rng.randrange(table.num_columns)
    name, column = table.column_names[i], table.column(i)
    match rng.randrange(7):
        case 0:
            return table.drop_columns([name])
        case 1:
            return table.rename_columns(
                [rng.choice(("x", "day", "\x1b", "")) if n == name else n for n in table.column_names]
            )
        case 2:
            return table.slice(0, rng.randrange(len(table) + 1))
        case 3:
            return (
                table.take(pa.array([rng.randrange(len(table)) for _ in range(rng.choice((1, 5, 3000)))]))
                if len(table)
                else table
            )
        case 4:
            values: Any = pa.array(
                [rng.choice(("\x1b[2J", "x", "", "{}", "[" * 500)) for _ in range(len(table))], pa.string()
            )
        case 5:
            values = pa.array([rng.choice((0.0, -1.0, 1e300, float("inf"), float("nan"))) for _ in range(len(table))])
        case _:
            values = pa.nulls(
                len(table), rng.choice((column.type, pa.int64(), pa.list_(pa.int64()), pa.large_string()))
            )
    return table.set_column(i, name, values)


def _sign(folder: Path) -> None:
    """State the digests that the data have, as whoever forges a record would."""
    path = folder / "manifest.json"
    facts = json.loads(path.read_text())
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("events", "series", "replications")}
    facts["digest"] = record_digest(
        tables["events"], tables["series"], json.loads((folder / "outcome.json").read_text())
    )
    facts["replications_digest"] = replications_digest(tables["replications"])
    keys = ("scenario_sha256", "seed", "replication", "model_source_digest", "user_rules")
    facts["run_id"] = run_id(*(facts[key] for key in keys))
    path.write_text(_json(facts))


# --- sweeps --------------------------------------------------------------------------------------------------------
@functools.cache
def small_experiment() -> Any:
    """Return twelve runs of the toy."""
    design = {"rows": {"values": {"pace": [0.004, 0.008, 0.012]}}}
    vary = {"pace": {"path": "deal.outcomes.settlement.per_day"}}
    head = {"schema_version": 1, "title": "A small sweep", "scenario": sim.load(TOY).replace({"horizon_days": 30})}
    return experiment_from(head | {"vary": vary, "design": design, "replications": 4, "seed": 7})


@functools.cache
def _swept() -> tuple[Path, str]:
    layout.SHARD_RUNS = 5  # three shards, and chunks that wait for theirs to be whole
    swept = begin.sweep(small_experiment(), Path(tempfile.mkdtemp(), "a"), threads=1, chunk_seconds=1e-6)
    return swept.folder, swept.digest


@functools.cache
def _half_swept() -> Path:
    """Return the folder of a sweep that was killed in the midst of its second shard."""
    _swept()
    folder = Path(tempfile.mkdtemp(), "a")
    child = os.fork()
    if child == 0:
        begin.sweep(
            small_experiment(),
            folder,
            threads=1,
            chunk_seconds=1e-6,
            progress=lambda done, _runs: os._exit(0) if done >= 8 else None,
        )
    os.waitpid(child, 0)
    return folder


def journal(number: int) -> str:
    """Open a sweep whose folder was changed, ask it all there is to ask, and go on with it."""
    rng = random.Random(number)
    base, digest = _swept()
    base = rng.choice((base, _half_swept()))
    with tempfile.TemporaryDirectory() as top:
        folder = shutil.copytree(base, Path(top, "a"))
        forged = False
        for _ in range(rng.choice((1, 1, 2))):
            forged |= _spoil(folder, rng)
        words = []
        try:
            opened = sim.open_sweep(folder)
            words.append("accepted")
            for ask in (
                lambda s: (repr(s), s.complete, s.missing, s.files),
                lambda s: s.digest,
                lambda s: s.summary,
                lambda s: s.failures,
                lambda s: s.command(3),
                lambda s: s.frame(),
                lambda s: list(s.rows),
                lambda s: s.run(5).outcome,
            ):
                with contextlib.suppress(SimError):
                    ask(opened)
        except SimError:
            words.append("refused")
        code, said = _said(["sensitivity", str(folder)])
        assert code in (0, 1, 2), f"exit code {code}"
        assert not {c for c in said if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f"}, "control characters"
        with contextlib.suppress(SimError):
            resumed = sim.sweep(small_experiment(), folder, resume=True, threads=1)
            assert forged or resumed.digest == digest, "another digest after going on"
    return words[0]


def _spoil(folder: Path, rng: random.Random) -> bool:
    """Change one thing in a sweep's folder; return whether whole rows may have been forged."""
    shards = sorted(path for path in (folder / "shards").iterdir() if path.is_file() and not path.is_symlink())
    pending = sorted(path for path in (folder / "pending").iterdir() if path.is_file() and not path.is_symlink())
    lines = folder / "journal.jsonl"
    if pending and rng.random() < 0.4:
        path = rng.choice(pending)
        forged = rng.random() < 0.5
        if path.stat().st_size < 1 << 20:
            path.write_bytes((_mutated_chunks if forged else mutated_bytes)(path.read_bytes(), rng))
        return forged
    what = rng.random()
    if what < 0.1:
        names = [
            "sweep.json",
            "journal.jsonl",
            "scenario.yaml",
            "lock",
            *(f"shards/{path.name}" for path in shards[:2]),
            *(f"pending/{path.name}" for path in pending),
        ]
        path = folder / rng.choice(names)
        if os.path.lexists(path) and not path.is_dir():
            _odd(path, rng)
    elif what < 0.4 and (folder / "sweep.json").is_file():
        with contextlib.suppress(ValueError):
            data = json.loads((folder / "sweep.json").read_bytes())
            (folder / "sweep.json").write_text(_json(mutated(data, rng)))
    elif what < 0.6 and lines.is_file() and lines.stat().st_size < 1 << 20:
        with contextlib.suppress(ValueError):
            entries = [json.loads(line.split(b" ", 1)[1]) for line in lines.read_bytes().splitlines()]
            changed = mutated(entries, rng)
            texts = [_json(entry).encode() for entry in changed]
            lines.write_bytes(b"".join(b"%08x %s\n" % (zlib.crc32(text), text) for text in texts))
    elif what < 0.8 and shards:
        path = rng.choice(shards)
        if path.stat().st_size < 1 << 20:
            path.write_bytes(mutated_bytes(path.read_bytes(), rng))
    elif shards and lines.is_file() and lines.stat().st_size < 1 << 20:
        path = rng.choice(shards)
        with contextlib.suppress(Exception):
            pq.write_table(_mutated_table(pq.read_table(path), rng), path)
            data = path.read_bytes()
            kept = []
            for line in lines.read_bytes().splitlines():
                entry = json.loads(line.split(b" ", 1)[1])
                if path.name.startswith(f"{entry['first']:012d}"):
                    entry |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                text = json.dumps(entry).encode()
                kept.append(b"%08x %s\n" % (zlib.crc32(text), text))
            lines.write_bytes(b"".join(kept))
            return True
    return False


def _mutated_chunks(data: bytes, rng: random.Random) -> bytes:
    """Change what stands in the lines of a file of chunks, or the tables behind them, with checksums that fit."""
    parts, at = [], 0
    while at < len(data):
        begin = data.find(b"\n", at) + 1
        entry = entry_of(data[at:begin]) if begin else None
        if entry is None:
            break
        parts.append([dataclasses.asdict(entry), data[begin : begin + entry.bytes]])
        at = begin + entry.bytes
    rng.shuffle(parts)
    written = []
    for facts, content in parts:
        if rng.random() < 0.3:
            table = io.BytesIO()
            with contextlib.suppress(Exception):
                pq.write_table(_mutated_table(pq.read_table(io.BytesIO(content)), rng), table)
                content = table.getvalue()
                facts |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if rng.random() < 0.3:
            facts = mutated(facts, rng)
        text = _json(facts).encode()
        written.append(b"%08x %s\n" % (zlib.crc32(text), text) + content)
    return b"".join(written)


# --- games ---------------------------------------------------------------------------------------------------------
EFG = """EFG 2 R "A small tree" { "A" "B" }
""
c "" 1 "" { "1" 1/4 "2" 0.75 } 0
p "" 1 1 "first" { "l" "r" } 0
t "" 1 "" { 10, 2 }
p "" 2 1 "" { "a" "b" } 0
t "" 2 "" { 1 3/2 }
t "" 3 "" { -1, 1e2 }
p "" 1 1 "first" { "l" "r" } 0
t "" 4 "" { 2, 4 }
t "" 5 "" { 4, 2 }
"""
TABLE = """state | government rebels | payoffs | next
war | talk fight | -1 0 | war 0.9 peace 0.1
war | talk talk | 0 0 | peace 1
war | hit fight | -2 -2 | war 1
war | hit talk | 1 -3 | war 0.5 peace 0.5
peace | - - | 1 1 | peace 1
"""


def game(number: int) -> str:
    """Read a game in one of three formats, write it, and read that."""
    rng = random.Random(number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        again = Path(folder, "b")
        match rng.randrange(3):
            case 0:
                shape = rng.choice(((2, 2), (2, 3), (2, 2, 2)))
                payoffs = np.random.default_rng(number).integers(-9, 9, (len(shape), *shape))
                text = NormalForm(payoffs.astype(np.float64)).to_nfg()
                path.write_bytes(mutated_text(text, rng))
                read, write = NormalForm.from_nfg, lambda made: made.to_nfg(again)
            case 1:
                path.write_bytes(mutated_text(EFG, rng))
                read, write = ExtensiveForm.from_efg, lambda made: made.to_efg(again)
            case _:
                path.write_bytes(mutated_text(TABLE, rng))
                read, write = load_stochastic_table, lambda made: again.write_text(write_stochastic_table(made))
        try:
            made = read(path)
        except SimError:
            return "refused"
        try:
            write(made)
        except SimError:  # a name that the format has no way to write
            return "accepted"
        assert _same_game(read(again), made), "another game after a round trip"
    return "accepted"


def _same_game(one: Any, two: Any) -> bool:
    if isinstance(one, NormalForm):
        return bool(one == two)
    if isinstance(one, ExtensiveForm):
        return bool(one.to_efg() == two.to_efg())
    return write_stochastic_table(one) == write_stochastic_table(two) and bool(
        read_stochastic_table(write_stochastic_table(one))
    )


# --- kills and faults ----------------------------------------------------------------------------------------------
FAULTS = (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EINTR, errno.EACCES)


def kill(number: int) -> str:
    """Kill a sweep up to three times within a write, sync, rename or removal, or let that fail; then go on."""
    rng = random.Random(number)
    digest = _swept()[1]
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "a")
        for _ in range(rng.choice((1, 1, 2, 3))):
            _in_child(functools.partial(_sweep_ended, folder, rng.randint(1, 90), rng.choice((0, *FAULTS))))
            if (folder / "sweep.json").exists():
                sim.open_sweep(folder)  # raises if a shard that is named is not whole
        ended = begin.sweep(small_experiment(), folder, resume=True, threads=1, chunk_seconds=1e-6)
        assert ended.digest == digest, "another digest after a kill"
        assert {path.name for path in (folder / "shards").iterdir()} == {path.name for path in ended.files}
        assert list((folder / "pending").iterdir()) == []
    return "accepted"


def _in_child(work: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        code = 70
        try:
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
                work()
            code = 0
        except SimError:
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "a fault of the disk was no StoreError"


def _sweep_ended(folder: Path, count: int, code: int) -> None:
    """Sweep until the n-th write, sync, rename or removal, which kills the process, or fails."""
    left = [count]

    def ending(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and code:
                raise OSError(code, os.strerror(code))
            if left[0] == 0:
                if function is write:
                    write(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return call

    write = os.write
    for name in ("write", "fsync", "replace", "unlink"):
        setattr(os, name, ending(getattr(os, name)))
    begin.sweep(small_experiment(), folder, resume=True, threads=1, chunk_seconds=1e-6)


KINDS: dict[str, Trial] = {
    "scenario": scenario,
    "experiment": experiment,
    "record": record,
    "manifest": manifest,
    "journal": journal,
    "game": game,
    "kill": kill,
}


def warm(kind: str) -> None:
    """Do once, before children are forked, what every one of them would do anew."""
    if kind == "scenario":
        for name in dict.fromkeys(SCENARIOS):
            _run(sim.load(name))
    elif kind == "manifest":
        read_run_record(_recorded())
    elif kind in ("experiment", "journal", "kill"):
        _swept()
