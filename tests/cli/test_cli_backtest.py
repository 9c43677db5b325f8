"""``sim backtest``: the report says what it was drawn from, and losses like wins."""

import json

from command_line import sim_here

FORECASTS = ("model", "persistence", "base_rate", "schedule", "coin")
ARGUMENTS = ("backtest", "aceh_2005/baseline", "--as-of", "2005-10-20", "--draws", "8", "--worlds", "1")


def test_the_report_agrees_with_the_table(capsys, tmp_path):
    """The first line counts for each yardstick the targets on which it does better; JSON has the same scores."""
    code, out, _ = sim_here(capsys, *ARGUMENTS)
    assert code == 0
    code, answer, _ = sim_here(capsys, *ARGUMENTS, "--json", "--csv", str(tmp_path / "table.csv"))
    found = json.loads(answer)
    targets = found["targets"]
    better = sum(row["crps_coin"] < row["crps_model"] for row in targets)
    first = out.splitlines()[0]
    assert first.startswith("Aceh, the memorandum of 2005, frozen on 2005-10-20: persistence better on ")
    assert f"coin flips better on {better} of {len(targets)} targets" in first
    table = out.partition("CRPS, lower is better")[2].splitlines()
    for row in targets:
        (first, second) = [line for line in table if line.split()[:1] == [row["target"][:24]]]
        best = min(row[f"crps_{name}"] or 0.0 for name in FORECASTS if row[f"crps_{name}"] is not None)
        starred = [name for name, cell in zip(FORECASTS, first.split()[5:], strict=True) if cell.endswith("*")]
        assert starred == [name for name in FORECASTS if row[f"crps_{name}"] == best]
        assert f"{row['log_score_model']:.2f} ({row['log_low']:.2f} to {row['log_high']:.2f})" in " ".join(
            second.split()
        )
    assert max(map(len, table)) <= 112
    assert f"{len(found['drawn'])} numbers drawn" in out
    assert (tmp_path / "table.csv").read_text().count("\n") == len(targets) + 1


def test_a_date_that_is_none_and_a_case_that_is_none_are_said(capsys):
    """Both are mistakes of the user: one line, exit code 2."""
    for arguments, words in (
        (("backtest", "aceh_2005", "--as-of", "tomorrow"), "expected a date such as 2020-03-15"),
        (("backtest", "aceh_2005", "--as-of", "2004-01-01"), "expected a day from 2005-08-15 on"),
        (("backtest", "toys/two_actors", "--as-of", "2020-01-01"), "found no back-test of that name"),
    ):
        code, out, err = sim_here(capsys, *arguments)
        assert (code, out) == (2, "")
        assert words in err
