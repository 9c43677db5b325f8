"""How a scenario looks in a terminal and in a notebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape

from sim.scenario.schema.actors import Actor
from sim.scenario.schema.fields import Section
from sim.scenario.schema.levers import LEVERS, Move
from sim.scenario.schema.promise import DueAfter, Promise
from sim.scenario.schema.scenario import Content


def line_of(content: Content, digest: str) -> str:
    """Write a scenario in one line."""
    return (
        f"<Scenario {content.title!r}: {', '.join(content.actors)}; {content.start}, {content.horizon_days} days; "
        f"sha256 {digest[:12]}>"
    )


def settings_of(move: Move) -> str:
    """Write a move as its lever settings.

    Examples
    --------
    >>> settings_of(Move(violence="surge", talks="refuse"))
    'violence surge, talks refuse'
    """
    parts: list[str] = []
    for lever in LEVERS:
        setting = getattr(move, lever)
        if lever == "release" and move.release is not None:
            parts.append(f"release {move.release.per_day:g} a day ({move.release.list} list)")
        elif lever == "drawdown" and move.drawdown is not None:
            paced = not isinstance(move.drawdown, str)
            parts.append(f"drawdown x{move.drawdown.pace:g}" if paced else f"drawdown {move.drawdown}")  # type: ignore[union-attr]
        elif lever == "pressure" and move.pressure is not None:
            parts.append(f"pressure on {move.pressure.on} until {move.pressure.until}")
        elif isinstance(setting, Section):
            parts.append(lever)
        elif setting is True:
            parts.append(lever.replace("_", " "))
        elif setting is not None and setting is not False and setting != {}:
            parts.append(f"{lever} {setting:g}" if isinstance(setting, float) else f"{lever} {setting}")
    text = ", ".join(parts) or "nothing"
    return f"{text}, when {move.when}" if move.when is not None else text


def _actor_rows(name: str, actor: Actor) -> list[tuple[str, ...]]:
    rule = actor.rule.response
    rule += f" over {actor.rule.valuation}" if actor.rule.valuation not in (None, "none") else ""
    rows: list[tuple[str, ...]] = []
    for i, (key, move) in enumerate(actor.moves.items()):
        opening = " (opening)" if key == actor.opening_move else ""
        who = actor.label or name
        rows.append((who if not i else "", rule if not i else "", key + opening, settings_of(move)))
    return rows


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cell = "<td style='text-align:left'>{}</td>"
    body = "".join(f"<tr>{''.join(cell.format(escape(c)) for c in row)}</tr>" for row in rows)
    top = "".join(f"<th style='text-align:left'>{escape(h)}</th>" for h in head)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def promise_words(name: str, promise: Promise) -> str:
    """Write a promise as one line: what it is called, what is to hold, and by when."""
    if promise.reach is None:
        what = str(promise.keep)
    else:
        sign = ">=" if promise.reach.at_least is not None else "<="
        what = f"{promise.reach.of} {sign} {promise.reach.target:g}"
    due = promise.due
    when = due.isoformat() if isinstance(due, dt.date) else ""
    if isinstance(due, DueAfter):
        when = f"{due.days:g} days after {due.after or 'the start'}"
    return f"{promise.label or name.replace('_', ' ')}: {what}{f', by {when}' if when else ''}"


def html_of(content: Content, digest: str) -> str:
    """Write a scenario for a notebook: title and dates, actors with their moves, the deal, counts."""
    end = content.start + dt.timedelta(days=content.horizon_days)
    actors = [row for name, actor in content.actors.items() for row in _actor_rows(name, actor)]
    deal = content.deal
    terms = [
        (name, f"{g.promised:,.0f} of {g.held:,.0f} held by {g.holder}, to be freed and counted by {g.claimant}")
        for name, g in deal.captives.items()
    ]
    for name, stock in deal.stocks.items():
        counts = f", to be counted by {stock.claimant}" if stock.claimant is not None else ""
        terms.append((name, f"{stock.promised or stock.held:,.6g} {stock.unit} handed over by {stock.holder}{counts}"))
    for name, withdrawal in deal.withdrawal.items():
        steps = ", ".join(f"{step.left:,.0f} by day {step.day:g}" for step in withdrawal.steps)
        terms.append((name, f"{withdrawal.start:,.0f} troops of {withdrawal.owner}; {steps or 'no schedule'}"))
    if deal.talks is not None:
        opens = f", open when {deal.talks.opens_when}" if deal.talks.opens_when is not None else ""
        terms.append(("talks", " and ".join(deal.talks.between) + opens))
    terms += [(f"promise of {promise.by}", promise_words(name, promise)) for name, promise in deal.promises.items()]
    off = [name for name, on in content.mechanisms.items() if not on]
    counts = (
        f"{len(content.world.armed_forces)} armed forces, {len(content.world.aid_flows)} aid flows, "
        f"{len(content.world.offices)} offices, {len(content.events)} events, {len(content.milestones)} milestones; "
        f"mechanisms off: {', '.join(off) or 'none'}"
    )
    return (
        f"<h4>{escape(content.title)}</h4>"
        f"<p>{content.start} to {end} ({content.horizon_days} days of {content.steps_per_day} step(s)); "
        f"sha256 {digest[:12]}</p>"
        + _table(("actor", "rule", "move", "levers"), actors)
        + _table(("deal", ""), terms)
        + f"<p>{escape(counts)}</p>"
    )
