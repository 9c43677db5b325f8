"""The commit that the source of this package was checked out from, read without running git.

Running git in a folder that somebody else prepared can run programs named in its configuration (hooks, filters, a file
system monitor). Reading three small text files cannot: ``HEAD``, which names a branch or a commit; the branch's file
under ``refs/``, or its line in ``packed-refs``. The commit says nothing about edits since; the digest of the model's
sources, stored beside it, does.

References
----------
Manual page gitrepository-layout(5).
"""

from __future__ import annotations

import re
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_REFERENCE = re.compile(r"ref: (refs/[\w./+@-]+)")
LARGEST = 16 * 2**20


def git_commit(work_tree: Path) -> str | None:
    """Return the commit that is checked out in a folder.

    Parameters
    ----------
    work_tree : Path
        The folder that holds ``.git``; its parents are not searched.

    Returns
    -------
    str or None
        40 (or 64) hex digits; None if the folder is no work tree or the commit cannot be told.

    Examples
    --------
    >>> git_commit(Path("/nowhere")) is None
    True
    """
    try:
        folder = _git_folder(work_tree / ".git")
        head = _text(folder / "HEAD").strip()
        if _COMMIT.fullmatch(head):
            return head
        branch = _REFERENCE.fullmatch(head)
        if branch is None or ".." in branch.group(1):
            return None
        return _commit_of(branch.group(1), folder)
    except (OSError, ValueError):
        return None


def _git_folder(path: Path) -> Path:
    """Return the folder of a repository; a linked work tree has a file there that names it."""
    if not path.is_file():
        return path
    text = _text(path).strip()
    if not text.startswith("gitdir: "):
        raise ValueError("not a link to a repository")
    return path.parent / text.removeprefix("gitdir: ")


def _commit_of(branch: str, folder: Path) -> str | None:
    common = folder / _text(folder / "commondir").strip() if (folder / "commondir").is_file() else folder
    for place in (folder, common):
        if (place / branch).is_file():
            commit = _text(place / branch).strip()
            return commit if _COMMIT.fullmatch(commit) else None
    for line in _text(common / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name.strip() == branch and _COMMIT.fullmatch(commit):
            return commit
    return None


def _text(path: Path) -> str:
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise ValueError(f"{path} is no small file")
    return path.read_text(encoding="utf-8")
