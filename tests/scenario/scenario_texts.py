"""Texts that the scenario tests share: the shortest legal scenario, and ways to write one to a file."""

from pathlib import Path

BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "doha_2020" / "baseline.yaml"
FULL_DEAL = Path(__file__).with_name("full_deal.yaml")

MINIMAL = """\
schema_version: 1
title: Two who talk
start: 2020-02-29
horizon_days: 100
actors:
  north:
    review: {every_days: 7}
    opening_move: wait
    moves:
      wait: {}
      go: {when: day > 10}
    rule: {response: uniform}
  south:
    review: {every_days: 7, offset_days: 3}
    opening_move: wait
    moves: {wait: {}}
    rule: {response: uniform}
"""


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a file, with the folders above it, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
