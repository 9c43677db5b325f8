"""Bad files: each flaw gives exactly one problem, at its line and column, in words that say what to do."""

import pytest
from scenario_texts import FULL_DEAL, write

from sim.errors import Problem, ScenarioError
from sim.scenario.load import load
from sim.scenario.problems import MAX_PROBLEMS, in_order

TEXT = FULL_DEAL.read_text()

# What is changed in the full deal (first occurrence), to what, where the problem is (text at it), and its words.
FLAWS = {
    "unknown key": ("horizon_days:", "horizn_days:", "horizn_days", "Did you mean 'horizon_days'?"),
    "unknown key inside": ("talks: refuse", "talk: refuse", "talk: refuse", "Did you mean 'talks'?"),
    "unknown top key": ("roles:", "colour: red\nroles:", "colour", "one of schema_version, title"),
    "missing key": ("    opening_move: stall\n", "", "government:", "opening_move: the move that stands on day 0"),
    "text for number": ("steps_per_day: 1", "steps_per_day: '1'", "'1'", "found text '1', expected a whole number"),
    "switch for number": ("steps_per_day: 1", "steps_per_day: true", "true", "found true, expected a whole number"),
    "fraction for whole": ("steps_per_day: 1", "steps_per_day: 1.5", "1.5", "a whole number"),
    "number for text": ("title: Doha, as", "title: 5 #", "5", "found 5, expected a text"),
    "date for text": ("title: Doha, as", "title: 2020-02-29 #", "2020-02-29", "expected a text"),
    "list for mapping": ("review: {every_days: 14, offset_days: 12}", "review: [14]", "[14]", "a mapping"),
    "mapping for list": ("incumbents: [government]", "incumbents: {government: 1}", "{", "a list"),
    "scalar for mapping": ("review: {every_days: 14, offset_days: 12}", "review: 14", "14", "a mapping"),
    "number for condition": ("opens_when: persons", "opens_when: 3 # persons", "3", "a condition"),
    "negative count": ("{value: 13000,", "{value: -13000,", "-13000", "greater than 0"),
    "negative rate": ("opens_per_day: {value: 0.02", "opens_per_day: {value: -0.02", "-0.02", "at least 0"),
    "share above one": ("technical_share: {value: 0.25", "technical_share: {value: 25", "25", "at most 1"),
    "exponent of zero": ("exponent: {value: 6", "exponent: {value: 0", "0", "greater than 0"),
    "self-excited without end": ("          value: 0.4", "          value: 1", "1", "less than 1"),
    "not finite": ("lognormal_sd: {value: 0.35", "lognormal_sd: {value: .inf", ".inf", "a finite number"),
    "no number": ("lognormal_sd: {value: 0.35", "lognormal_sd: {value: .nan", ".nan", "a finite number"),
    "version": ("schema_version: 1", "schema_version: 2", "2", "1, the version that this package reads"),
    "start is text": ("start: 2020-02-29", "start: yesterday", "yesterday", "a date, such as 2020-02-29"),
    "start is no date": ("start: 2020-02-29", "start: 2021-02-29", "2021-02-29", "a date of the calendar"),
    "start is far": ("start: 2020-02-29", "start: 1202-02-28", "1202", "between 1900 and 2200"),
    "date before start": ("due: 2020-03-10", "due: 2020-01-10", "2020-01-10", "before the start on 2020-02-29"),
    "move before start": ("{day: 7, move", "{date: 2020-02-07, move", "2020-02-07", "before the start"),
    "day before start": ("{day: 7, move", "{day: -7, move", "-7", "at least 0"),
    "day and date": ("{day: 7, move", "{day: 7, date: 2020-03-07, move", "{day", "found both day and date"),
    "neither day nor date": ("{day: 7, move", "{move", "{move", "found neither day nor date"),
    "horizon": ("steps_per_day: 1", "steps_per_day: 96", "640", "61,440 steps, expected at most 40,000"),
    "bad name": ("\n  us:\n", "\n  u-s:\n", "u-s", "a name: at most 40"),
    "keyword as name": ("      stall: {", "      not: {", "not", "no word of conditions"),
    "condition": ("day > 135 and", "day >> 135 and", "> 135", "a number or a feature to compare with"),
    "at least, mirrored": ("day > 135 and", "day => 135 and", "=> 135", "Did you mean '>='?"),
    "date without comparison": ("day > 135 and", "date and", "and", "a comparison of date, such as >= 2020-02-29"),
    "date of a number": ("day > 135 and", "date > 135 and", "135", "day counts days since the start"),
    "date in a condition": ("day > 135 and", "date > 2020-01-10 and", "2020-01-10", "before the start on 2020-02-29"),
    "entity in a sum": (
        "day > 135 and",
        "day > 2 * freed(talib) and",
        "freed(talib)",
        "a group of captives of deal.captives",
    ),
    "condition name": ("day > 135 and", "dya > 135 and", "dya", "Did you mean 'day'?"),
    "feature": ("        attacks: {value: -0.15", "        atacks: {value: -0.15", "atacks", "Did you mean 'attacks'?"),
    "feature arguments": (
        "        talks: {value: 0.05",
        "        talks(us): {value: 0.05",
        "talks(us)",
        "talks without",
    ),
    "two of one feature": (
        "        troops_gone: {value: 0.20",
        "        counted( taliban_prisoners ): {value: 0.20",
        "counted(taliban_prisoners): {value: 0.15",
        "one feature written in two ways",
    ),
    "outcome": ("        settlement: {value: 0.6", "        setlement: {value: 0.6", "setlement", "'settlement'?"),
    "running is no outcome": (
        "settlement: {value: 0.5",
        "running: {value: 0.5",
        "running",
        "an outcome of deal.outcomes: settlement",
    ),
    "scaled": ("scales: {at_outcome.g", "scales: {at_outcom.g", "at_outcom.g", "Did you mean 'at_outcome'?"),
    "scaled outcome": (
        "at_outcome.government_collapse",
        "at_outcome.fall",
        "at_outcome.fall",
        "a key of payoff.at_outcome",
    ),
    "scaled feature": ("per_year.paused", "per_year.pause", "per_year.pause", "Did you mean 'paused'?"),
    "response": ("response: logit", "response: logti", "logti", "Did you mean 'logit'?"),
    "valuation": ("valuation: drift", "valuation: dirft", "dirft", "Did you mean 'drift'?"),
    "payoff model": ("model: linear", "model: my_own", "my_own", "sim.register('payoff_model', 'my_own', function)"),
    "word": ("list: own", "list: theirs", "theirs", "'own' or 'claimant'"),
    "drawdown word": ("drawdown: none", "drawdown: never", "never", "'schedule' or 'none'"),
    "drawdown key": ("{pace: {value: 1.6", "{pce: {value: 1.6", "pce", "Did you mean 'pace'?"),
    "one parameter of beta": ("beta: [2, 3]", "beta: [2]", "[2]", "a list of 1, expected more"),
    "three parameters of beta": ("beta: [2, 3]", "beta: [2, 3, 4]", "[2, 3, 4]", "at most 2"),
    "negative beta": ("beta: [2, 3]", "beta: [2, -3]", "-3", "a number of at least 0.001"),
    "another distribution": ("beta: [2, 3]", "gamma: [2, 3]", "gamma", "one of value, beta, source"),
    "mechanism": ("mechanisms: {}", "mechanisms: {dispute: off}", "dispute", "Did you mean 'disputes'?"),
    "switch": ("mechanisms: {}", "mechanisms: {disputes: 0}", "0}", "true or false (on or off)"),
    "path steps": ("response: logit", "response: logit\n      path_steps: 33", "33", "at most 32"),
    "tag": ("title: Doha", "title: !!python/name:os.system Doha", "!!python", "Tags could run code."),
    "key twice": ("steps_per_day: 1", "steps_per_day: 1\nsteps_per_day: 1", "steps_per_day: 1\nrec", "each key once"),
}


def problems(path):
    """Load a file that is wrong and return its problems."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert isinstance(caught.value, ValueError)
    assert caught.value.exit_code == 2
    return caught.value.problems


@pytest.mark.parametrize("flaw", FLAWS)
def test_one_flaw_is_one_problem(tmp_path, flaw):
    """The problem stands at the file, line and column of the flaw and says what was found and expected."""
    old, new, at, words = FLAWS[flaw]
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    path = write(tmp_path, "deal.yaml", text)
    (problem,) = problems(path)
    assert problem.file == str(path)
    place = sum(len(line) + 1 for line in text.split("\n")[: problem.line - 1]) + problem.column - 1
    assert text[place:].startswith(at), f"points at {text[place : place + 30]!r}"
    assert words in str(problem)
    assert problem.found
    assert problem.expected


def test_several_problems_in_order(tmp_path):
    """Several flaws are reported together, in order of their lines."""
    text = TEXT
    for flaw in ("negative rate", "unknown key inside", "fraction for whole", "negative count"):
        text = text.replace(FLAWS[flaw][0], FLAWS[flaw][1], 1)
    found = problems(write(tmp_path, "deal.yaml", text))
    assert len(found) == 4
    assert [p.line for p in found] == sorted(p.line for p in found)


def test_a_flaw_behind_an_anchor_is_said_once(tmp_path):
    """What three actors share by an alias is one flaw, not three."""
    found = problems(
        write(tmp_path, "deal.yaml", TEXT.replace("lam_per_util: {value: 20", "lam_per_util: {value: -20"))
    )
    assert [p.path for p in found] == ["actors.government.rule.lam_per_util"]


def test_a_hundred_problems_end(tmp_path):
    """A file with a great many flaws lists the first ones and says how many are left."""
    extra = "".join(f"key{i}: 1\n" for i in range(200))
    found = problems(write(tmp_path, "deal.yaml", TEXT + extra))
    assert len(found) == MAX_PROBLEMS + 1
    assert "There are 150 more problems" in str(found[-1])


def test_problems_of_two_files_stay_apart():
    """Problems are sorted by file first, and equal ones are said once."""
    one, two = Problem("a", 2, 1, "x", "1"), Problem("b", 1, 1, "x", "1")
    assert in_order([two, one, one]) == [one, two]


def test_a_message_reads_as_a_sentence(tmp_path):
    """File, line, column, path, found, expected, hint."""
    path = write(tmp_path, "deal.yaml", TEXT.replace("violence: surge", "violence: surg", 1))
    assert str(problems(path)[0]) == (
        f"{path}:70:25: actors.taliban.moves.surge.violence: found 'surg', expected a posture of taliban_fighters: "
        "ceasefire, reduced, baseline, surge. Did you mean 'surge'?"
    )


@pytest.mark.parametrize("text", ["value: 5\n", "value: 5\nsource: x\n", "source: x\n", "beta: [1, 2]\n"])
def test_a_file_that_is_one_number(tmp_path, text):
    """A number with its source is a value of a scenario and no scenario: its keys are unknown there."""
    path = tmp_path / "number.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=r"number\.yaml:1:1: \w+: found the unknown key"):
        load(path)
