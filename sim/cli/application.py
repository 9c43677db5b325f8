"""The application: its commands, ``--version``, and the way in and out.

Adding a command is one file and one line in `_COMMANDS`. A command's file imports at its top only what its signature
needs; what it works with is imported when it runs, so that ``sim --help`` stays fast.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import sim
from sim.cli import (
    backtest,
    compare,
    diff,
    doctor,
    explain,
    explore,
    init,
    mediate,
    plot,
    report,
    rerun,
    run,
    schema,
    sensitivity,
    solve,
    sweep,
    validate,
)
from sim.cli import list as list_
from sim.cli.edge import error_object, guarded
from sim.cli.streams import answer_json, open_streams
from sim.errors import UsageError

_COMMANDS = (
    list_,
    run,
    compare,
    explore,
    sweep,
    sensitivity,
    solve,
    mediate,
    backtest,
    plot,
    report,
    explain,
    diff,
    rerun,
    validate,
    schema,
    init,
    doctor,
)


@dataclass(slots=True)
class Call:
    """One call of the command.

    Attributes
    ----------
    wants_json : bool
        Whether stdout must hold one JSON object.
    was_told : bool
        Whether the edge has said how it ended; not so if the command line itself could not be read.
    """

    wants_json: bool
    was_told: bool = False


class Guarded(TyperGroup):
    """The group of commands, with the edge around each call."""

    def invoke(self, ctx: Any) -> Any:
        """Call the command; leave with the exit code of the edge if something went wrong."""
        invoke = super().invoke
        call: Call = ctx.obj
        code = guarded(lambda: invoke(ctx), wants_json=call.wants_json)
        call.was_told = True
        if code:
            raise typer.Exit(code)


application = typer.Typer(
    cls=Guarded,
    name="sim",
    help="Simulate and compare ways of implementing phased peace deals, each written as a scenario file.",
    epilog="\n\n".join(["[bold]Examples[/bold]", *(f"  {command.EXAMPLE}" for command in _COMMANDS)]),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sim {sim.__version__}")
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


for _command in _COMMANDS:
    application.command(name=_command.NAME, help=_command.HELP, epilog=f"[bold]Example[/bold]\n\n  {_command.EXAMPLE}")(
        getattr(_command, f"{_command.NAME}_command")
    )


def run_application(arguments: Sequence[str] | None = None) -> int:
    """Parse arguments, run the command and return the exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; those of the process if left out.
    """
    open_streams()
    given = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    call = Call("--json" in (given[: given.index("--")] if "--" in given else given))
    try:
        application(given, prog_name="sim", obj=call)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 2
        if code and call.wants_json and not call.was_told:
            answer_json(error_object(UsageError("the command line cannot be read; standard error says why")))
        return code
    return 0
