"""``sim doctor``: the facts of an installation, and that it works."""

import json
from pathlib import Path

import numpy as np
from command_line import sim_here

from sim.compiled import source_digest
from sim.store import fingerprint


def test_facts(capsys):
    """The report has versions, platform, cache, threads and disk, and says that the engines agree."""
    code, out, _ = sim_here(capsys, "doctor", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["versions"]["numpy"] == np.__version__
    assert told["platform"] == fingerprint()
    assert told["model_source_digest"] == source_digest("model")
    assert Path(told["cache_folder"]).is_dir()
    assert told["threads"] >= 1
    assert told["engines_agree"] is True
    assert told["working_disk_free_mib"] > 0
    assert 0 < told["seconds_per_replication"] < told["first_run_seconds"] + 60


def test_lines(capsys, desk):
    """Without --json the same is said in lines, and nothing is written to the working folder."""
    before = sorted(desk.iterdir())
    code, out, _ = sim_here(capsys, "doctor")
    assert code == 0
    assert f"numpy {np.__version__}" in out
    assert "agree to the last bit" in out
    assert sorted(desk.iterdir()) == before
