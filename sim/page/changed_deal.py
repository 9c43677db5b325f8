"""A changed deal in words that others can keep: an overlay file, and the lines of Python that say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.page.outcome_bars import NAMES
from sim.page.sliders import SliderShown, changes_in_words
from sim.scenario.resolved_value import keys_to, value_at

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

TITLE: Final = 200
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_YAML_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def title_of(scenario: Scenario, sliders: Sequence[SliderShown], changes: Mapping[str, Any]) -> str:
    """Return a title that says what was changed, so that no table has the same title twice."""
    told = "; ".join(f"{c['label']}: {c['after']}" for c in changes_in_words(sliders, changes))
    title = f"{scenario.title}; {told}" if told else scenario.title
    return title if len(title) <= TITLE else f"{title[: TITLE - 3]}..."


def overlay_text(scenario: Scenario, source: str, sliders: Sequence[SliderShown], changes: Mapping[str, Any]) -> str:
    """Write a scenario file that extends another by some changes.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    source : str
        Its built-in name, or its file.
    sliders : sequence of SliderShown
        Of the scenario.
    changes : mapping of str to value
        By dotted path, as `sim.page.sliders.changes_of` returns them.

    Returns
    -------
    str
        YAML. A number carries the assumption that it was set in the explorer. Lists have no overlay of their own, so
        that where one element changed the whole list is written, sources included.

    Examples
    --------
    >>> import sim
    >>> from sim.page.sliders import sliders_of
    >>> toy = sim.load("toys/two_actors")
    >>> text = overlay_text(toy, "toys/two_actors", sliders_of(toy), {"mechanisms.disputes": False})
    >>> text.splitlines()[-2:]
    ['mechanisms:', '  disputes: false']
    """
    resolved, sourced = scenario.to_dict(), scenario.to_dict(provenance=True)
    tree: dict[str, Any] = {}
    for path, value in changes.items():
        keys, _ = keys_to(resolved, path)
        place = next((i for i, key in enumerate(keys) if isinstance(key, int)), len(keys))
        before, _ = value_at(resolved, path)
        leaf: Any = value
        if not isinstance(value, bool):
            leaf = {"value": value, "assumption": f"set in the explorer; {before:g} before"}
        if place < len(keys):  # the list that holds it, as changed so far
            written = _at(tree, keys[:place])
            whole = written if isinstance(written, list) else json.loads(json.dumps(_at(sourced, keys[:place])))
            _put(whole, keys[place:], leaf)
            leaf = whole
        _put(tree, keys[:place], leaf)
    is_file = source.endswith((".yaml", ".yml"))
    extended = re.split(r"[\\/]", source)[-1] if is_file else source
    beside = [f"# Keep this file beside {extended}, which it extends."] if is_file else []
    lines = [
        f"# {scenario.title}, changed in the explorer.",
        *beside,
        f"extends: {json.dumps(extended, ensure_ascii=False) if not _is_name(extended) else extended}",
        f"title: {json.dumps(title_of(scenario, sliders, changes), ensure_ascii=False)}",
        *_lines(tree, 0),
    ]
    return "\n".join(lines) + "\n"


def python_text(source: str, changes: Mapping[str, Any], runs: int, seed: int) -> str:
    """Write the lines of Python that make the same comparison.

    Examples
    --------
    >>> print(python_text("toys/two_actors", {"mechanisms.disputes": False}, 100, 7).splitlines()[-2])
    comparison = sim.compare([scenario, changed], runs=100, seed=7, names=names, baselines=False)
    """
    settings = "".join(f"    {json.dumps(path)}: {value!r},\n" for path, value in changes.items())
    written, yours = NAMES
    return (
        "import sim\n\n"
        f"scenario = sim.load({json.dumps(source, ensure_ascii=False)})\n"
        f"changed = scenario.replace({{\n{settings}}})\n"
        f"names = [{json.dumps(written)}, {json.dumps(yours)}]\n"
        f"comparison = sim.compare([scenario, changed], runs={runs}, seed={seed}, names=names, baselines=False)\n"
        "print(comparison.summary[0])\n"
    )


def _at(tree: Any, keys: Sequence[str | int]) -> Any:
    """Return what stands at keys; None if nothing does."""
    for key in keys:
        if isinstance(tree, dict) and set(tree) & {"value"} and key not in tree:
            tree = tree["value"]
        if isinstance(tree, dict) and key not in tree:
            return None
        tree = tree[key]
    return tree


def _put(tree: Any, keys: Sequence[str | int], value: Any) -> None:
    """Put a value at keys, making the mappings on the way."""
    for key in keys[:-1]:
        tree = tree.setdefault(key, {}) if isinstance(tree, dict) else tree[key]
    tree[keys[-1]] = value


def _lines(tree: Mapping[str, Any], depth: int) -> list[str]:
    """Write a tree of mappings as YAML; numbers with their notes, and lists, each on one line."""
    lines = []
    for key, value in tree.items():
        head = f"{'  ' * depth}{key if _is_name(key) else json.dumps(key, ensure_ascii=False)}:"
        if isinstance(value, dict) and "value" not in value:
            lines += [head, *_lines(value, depth + 1)]
        else:
            lines.append(f"{head} {json.dumps(value, ensure_ascii=False)}")
    return lines


def _is_name(text: str) -> bool:
    parts = text.split("/")
    return all(_PLAIN_KEY.fullmatch(part) and part.lower() not in _YAML_WORDS for part in parts)
