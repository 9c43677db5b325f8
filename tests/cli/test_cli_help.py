"""Help, version and what is loaded for them."""

import subprocess
import sys

import pytest
from command_line import sim_here, sim_process

import sim
from sim.cli.application import _COMMANDS

HEAVY = ("numba", "pandas", "scipy.stats", "matplotlib", "pyarrow", "quantecon")


@pytest.mark.parametrize(
    "code",
    ["import sim", "from sim.cli import main; main(['--help'])", "from sim.cli import main; main(['run', '--help'])"],
)
def test_little_is_loaded(code):
    """Importing the package and asking for help load no compiler, no data frames, no plotting."""
    script = f"import sys, contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    {code}\n"
    script += f"print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_help_lists_every_command_with_a_sentence_and_an_example(capsys):
    """``sim --help`` shows each command with its first sentence and its example."""
    code, text, _ = sim_here(capsys, "--help")
    assert code == 0
    for command in _COMMANDS:
        assert command.HELP.split("\n")[0][:60] in text
        assert command.EXAMPLE in text


@pytest.mark.parametrize("command", [c.NAME for c in _COMMANDS])
def test_help_of_a_command_has_an_example(capsys, command):
    """Each command's own help ends in an example of it."""
    code, text, _ = sim_here(capsys, command, "--help")
    assert code == 0
    assert f"sim {command}" in text.split("Example")[1]


def test_the_version(desk):
    """``python -m sim --version`` prints the version of the package and nothing else."""
    done = sim_process("--version", cwd=desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"sim {sim.__version__}\n", "")


@pytest.mark.parametrize(
    "arguments", [["fly"], ["run"], ["run", "small.yaml", "--fast"], ["run", "small.yaml", "--seed", "seven"], []]
)
def test_bad_usage(capsys, arguments):
    """A command line that is not understood exits with 2 and prints no answer that a program could take for one."""
    code, out, err = sim_here(capsys, *arguments)
    assert code == 2
    assert "Traceback" not in out + err
    assert (out + err).strip()


@pytest.mark.parametrize("command", ["run", "compare"])
def test_names_of_scenarios_are_completed(desk, command):
    """The shell gets the built-in scenarios that begin with what was typed, and the script that asks for them."""
    words = {"_SIM_COMPLETE": "complete_bash", "COMP_WORDS": f"sim {command} toys/", "COMP_CWORD": "2"}
    assert sim_process(cwd=desk, **words).stdout.split() == [
        "toys/captive_exchange",
        "toys/five_actors",
        "toys/two_actors",
    ]
    assert "complete" in sim_process(cwd=desk, _SIM_COMPLETE="source_bash").stdout
