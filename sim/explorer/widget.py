"""The explorer in a notebook: the same page in a cell, asking the kernel instead of a server.

By anywidget, which JupyterLab, VS Code and Colab show without an extension of their own; nothing else is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.engine.check_scenario import check_scenario
from sim.errors import SimError, UsageError
from sim.explorer.session import FULL_RUNS, Session
from sim.page.assets import module_text, style_text

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MISSING: Final = "a notebook's explorer needs anywidget:  pip install 'negotiation-sim[notebook]'"


def explore(scenario: Scenario, seed: int = 0, runs: int = FULL_RUNS) -> Any:
    """Open the explorer of a scenario in a notebook.

    Parameters
    ----------
    scenario : Scenario
        With sliders, see the key ``explore`` of scenario files.
    seed : int
        The luck of all worlds.
    runs : int
        Worlds to which an answer is refined.

    Returns
    -------
    anywidget.AnyWidget
        Which a notebook shows; its attribute ``session`` answers what the page asks.

    Raises
    ------
    UsageError
        If the scenario has no sliders, a number is out of range or anywidget is not installed.

    Examples
    --------
    >>> import sim
    >>> widget = sim.explore(sim.load("toys/two_actors"), seed=7)
    >>> [slider.name for slider in widget.session.sliders]
    ['pace', 'recognised', 'patience', 'quarrels']
    """
    check_scenario(scenario)
    try:
        import anywidget
    except ImportError as error:
        raise UsageError(f"{MISSING} ({error})") from None
    file = scenario.position("title").file
    folders = (Path(file).resolve().parent,) if Path(file).exists() else ()
    session = Session(scenario, file, seed, runs, folders)

    class ExplorerWidget(anywidget.AnyWidget):
        """The page in a cell."""

        _esm = module_text()
        _css = style_text()

    widget = ExplorerWidget()
    widget.session = session

    def respond(_widget: Any, message: Any, _buffers: Any) -> None:
        widget.send(answer_to(session, message))

    widget.on_msg(respond)
    return widget


def answer_to(session: Session, message: Any) -> dict[str, Any]:
    """Answer a message of the page.

    Parameters
    ----------
    session : Session
        Of the widget.
    message : Any
        A mapping with the number of the question, its kind and its numbers.

    Returns
    -------
    dict
        The same number, with ``data`` or with ``error``.
    """
    if not isinstance(message, Mapping):
        return {"number": None, "error": "the message is no question"}
    number, kind, numbers = (message.get(key) for key in ("number", "kind", "numbers"))
    if not isinstance(kind, str) or not isinstance(numbers, Mapping):
        return {"number": number, "error": "the message is no question"}
    try:
        return {"number": number, "data": session.ask(kind, numbers)}
    except SimError as error:
        return {"number": number, "error": str(error)}
