"""The manifest: what determines a result makes its id, and everything else stays outside of it."""

import datetime as dt
import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_samples import sample_record

import sim
from sim.store import build_manifest, fingerprint, run_id
from sim.store.git_commit import git_commit
from sim.store.json_text import json_text

FACTS = {
    "scenario": {"title": "A deal"},
    "scenario_sha256": "ab" * 32,
    "seed": 7,
    "replication": 0,
    "engine": "event",
    "model_source_digest": "cd" * 32,
    "digest": "ef" * 32,
}


def test_every_fact_is_there():
    """The manifest has each fact that the design asks for, and goes into JSON."""
    moment = dt.datetime(2020, 2, 29, 14, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    manifest = build_manifest(**FACTS, command=["sim", "run", "x.yaml"], created=moment)
    assert set(manifest) == {
        *FACTS,
        "format_version",
        "run_id",
        "user_rules",
        "replications_digest",
        "package_version",
        "python_version",
        "numpy_version",
        "numba_version",
        "simpy_version",
        "platform_fingerprint",
        "git_commit",
        "command",
        "created",
    }
    assert manifest["created"] == "2020-02-29T11:30:00+00:00"
    assert manifest["package_version"] == sim.__version__
    assert json.loads(json_text(manifest, ordered=("scenario",))) == manifest


def test_surroundings_do_not_enter_the_run_id():
    """Engine, time, command and digest leave the run id as it is."""
    base = build_manifest(**FACTS)["run_id"]
    for change in ({"engine": "batch"}, {"command": ["sim"]}, {"digest": "00" * 32}, {"scenario": {}}):
        assert build_manifest(**FACTS | change)["run_id"] == base


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ab" * 32, "ac" * 32]),
            st.sampled_from([0, 1, 2**64 - 1]),
            st.sampled_from([0, 1, 2**32 - 1]),
            st.sampled_from(["cd" * 32, "ce" * 32]),
            st.dictionaries(
                st.sampled_from(
                    ["a", "b", 'a":"1'],
                ),
                st.sampled_from(["1", "2"]),
                max_size=2,
            ),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_whatever_determines_the_result_enters_the_run_id(facts):
    """Two run ids are equal if and only if scenario, seed, replication, model and rules are."""
    distinct = {json.dumps(f, sort_keys=True) for f in facts}
    assert len({run_id(*f) for f in facts}) == len(distinct)
    assert all(len(run_id(*f)) == 16 for f in facts)


def test_the_order_of_user_rules_does_not_count():
    """Rules are a set of names with digests."""
    one, other = {"a": "1", "b": "2"}, {"b": "2", "a": "1"}
    assert run_id("ab", 1, 0, "cd", one) == run_id("ab", 1, 0, "cd", other)


def test_the_scenario_keeps_its_order():
    """Actors stay in the order of the file, whatever their names."""
    scenario = {"actors": {"us": {"z": 1, "a": 2}, "government": {}}}
    text = json_text(build_manifest(**FACTS | {"scenario": scenario}), ordered=("scenario",))
    read = json.loads(text)
    assert list(read) == sorted(read)
    assert json.dumps(read["scenario"]) == json.dumps(scenario)


def test_fingerprint_is_stable_and_anonymous():
    """The fingerprint is the same in another process and names neither host nor kernel."""
    import platform
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "from sim.store import fingerprint; print(fingerprint())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == fingerprint()
    assert platform.release() not in fingerprint()
    assert platform.node() not in fingerprint().split()


def git(folder, *arguments):
    """Run git with an identity of its own."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """Return a repository with one commit, and a hook and a monitor that would leave a trace if anything ran them."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a").write_text("a")
    git(folder, "add", "a")
    git(folder, "commit", "-q", "-m", "a")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    git(folder, "config", "core.fsmonitor", str(trap))
    return folder


def test_commit_of_a_work_tree(repository, tmp_path):
    """The commit is git's own, on a branch, packed, detached and in a linked work tree; nothing of git was run."""
    head = git(repository, "-c", "core.fsmonitor=false", "rev-parse", "HEAD")
    assert git_commit(repository) == head
    git(repository, "-c", "core.fsmonitor=false", "pack-refs", "--all")
    assert not (repository / ".git" / "refs" / "heads" / "main").exists()
    assert git_commit(repository) == head
    git(repository, "-c", "core.fsmonitor=false", "worktree", "add", "-q", "-b", "deals/b", str(tmp_path / "linked"))
    assert git_commit(tmp_path / "linked") == head
    (tmp_path / "sprung").unlink(missing_ok=True)
    (repository / ".git" / "HEAD").write_text(head + "\n")
    assert git_commit(repository) == head
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "head",
    [
        "",
        "ref: refs/heads/none",
        "ref: refs/../../secret",
        "ref: /etc/passwd",
        "zz",
        "ref: refs/heads/main\nmore",
        "\xff",
    ],
)
def test_a_head_that_names_no_commit(repository, head):
    """A strange HEAD is no commit, and no file outside of the repository is quoted."""
    (repository.parent / "secret").write_text("0" * 40)
    (repository / ".git" / "HEAD").write_text(head, encoding="latin-1")
    assert git_commit(repository) is None


def test_no_repository(tmp_path):
    """A folder without .git has no commit, and the folders above it are not searched."""
    assert git_commit(tmp_path) is None
    (tmp_path / ".git").write_text("gitdir: nowhere")
    assert git_commit(tmp_path) is None


def test_versions_are_those_installed():
    """Versions in a record are those that the packages state themselves."""
    import numpy
    import simpy

    manifest = sample_record().manifest
    assert (manifest["numpy_version"], manifest["simpy_version"]) == (numpy.__version__, simpy.__version__)
