"""Decisions in plain words: what called one, how the actor chooses, and a sentence or two of why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.encode.ticks import to_ticks
from sim.engine.event_rows import date_of, event_words
from sim.engine.story import sentence_of
from sim.model.clocks import DEADLINE_CLOCK, REVIEW_CLOCK, TRIGGER_CLOCK
from sim.scenario.events import EVENTS
from sim.scenario.named_functions import function_named
from sim.scenario.schema.events import every_effect
from sim.scenario.schema.rule import Rule
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.engine.epochs import Epoch, EpochsUntil
    from sim.engine.event_rows import Decision
    from sim.engine.explained_decision import MoveExplained, TermDifference
    from sim.scenario.scenario import Scenario

SEEN = 5e-5
"""Differences smaller than this vanish in four decimals."""
MOST_TERMS = 3
LEAST_SHARE = 0.05
"""Terms smaller than this share of the largest one are not worth a word."""


def called_words(epoch: Epoch, history: EpochsUntil) -> str:
    """Say what called an epoch: a review, a deadline, an event of the day before, or the calendar.

    Parameters
    ----------
    epoch : Epoch
        Of the run.
    history : EpochsUntil
        Its log tells what set a trigger off.
    """
    bound, clock = epoch.bound, epoch.clock
    scenario, name = bound.scenario, bound.names.actors[epoch.actor]
    if clock >= REVIEW_CLOCK:
        review, mean_days = scenario.actors[name].review, scenario.actors[name].reconsiders_days
        if review is not None:
            return f"scheduled review (every {review.every_days:g} days)"
        return f"an opportunity to reconsider (every {mean_days:g} days on average)"
    if clock == DEADLINE_CLOCK:
        due = [d.what for d in scenario.deal.deadlines if to_ticks(scenario, d.day) == epoch.tick and name in d.reviews]
        return f"deadline: {', '.join(text for text in due if text)}"
    if clock < TRIGGER_CLOCK:
        return "calendar"
    causes = _causes(epoch, history)
    return f"trigger: {'; '.join(causes)}" if causes else "trigger"


def _causes(epoch: Epoch, history: EpochsUntil) -> list[str]:
    """List the events of one day before that call this actor."""
    bound, actor = epoch.bound, epoch.actor
    params, names = bound.params[0], bound.names
    named = [effects.reviews for _, effects in every_effect(bound.scenario.events)]
    before = epoch.tick - int(bound.scenario.steps_per_day)
    causes: dict[str, None] = {}
    for row in history.log[history.log["tick"] == before]:
        event, entity, other = EVENTS[int(row["kind"])], int(row["entity"]), int(row["other"])
        is_called = {
            "": False,
            "the incumbents": params.incumbent[actor] != 0,
            "the other actors": entity != actor,
            "the claimant": other == actor,
            "whom it names": event.calls == "whom it names" and names.actors[actor] in named[entity],
            "the threatened": event.calls == "the threatened" and (params.pressure_on[entity] == actor).any(),
            "who threatened": event.calls == "who threatened" and entity == actor,
            "who answers it": event.calls == "who answers it" and params.answers[actor, entity] != 0,
        }
        if not is_called[event.calls]:
            continue
        who, move, what, value = event_words(row, names)
        sentence = sentence_of(bound.scenario, event.name, who, what, move, value)
        causes[f"{sentence} ({date_of(bound, before * float(params.dt))})"] = None
    return list(causes)


def rule_words(rule: Rule) -> str:
    """Say how an actor chooses.

    Examples
    --------
    >>> import sim
    >>> rule_words(sim.load("doha_2020/baseline").actors["us"].rule)
    'chooses by logit, better moves more often; values followed along the mean path over 182 days'
    """
    text = function_named("response", rule.response).words or f"follows the rule {rule.response!r}"
    if rule.valuation not in (None, "none"):
        words = function_named("valuation", rule.valuation).words
        text += f"; values {words or f'of the valuation {rule.valuation!r}'}"
        text += f" over {rule.horizon_days:g} days" if rule.horizon_days > 0.0 else ""
    return text


def why_words(
    scenario: Scenario,
    account: Decision,
    moves: Sequence[MoveExplained],
    other: MoveExplained | None,
    tipped: Sequence[TermDifference],
    *,
    forced: str,
    stuck: str,
) -> list[str]:
    """Say why a move was chosen: a sentence, and where the actor weighed terms a second one that names them.

    Parameters
    ----------
    scenario : Scenario
        That ruled then.
    account : Decision
        What was decided.
    moves : sequence of MoveExplained
        All moves; empty for a move of the calendar.
    other : MoveExplained or None
        The best legal move but the chosen one.
    tipped : sequence of TermDifference
        In favour of the chosen move or, if negative, of `other`.
    forced : str
        For a move of the calendar the list of the scenario that holds it.
    stuck : str
        Why the only move left was not legal either; empty if it was.
    """
    called = words_of(scenario).move(account.actor, account.chosen)
    if not moves:
        stays = " It stood already." if account.before == account.chosen else ""
        where = f"actors.{account.actor}.{forced}"
        return [f"The scenario's calendar ({where}) makes {called} on this date, whatever it is worth.{stays}"]
    if other is None and stuck:
        return [f"No move was legal ({called}: {stuck}), so {called}, which stood, goes on."]
    if other is None:
        return [f"{capital(called)} was the only legal move."]
    chosen = next(move for move in moves if move.move == account.chosen)
    if not chosen.legal:
        return [f"No move that the rule wanted was legal, so {called}, which stood, goes on."]
    sentences = [_first_sentence(scenario, account, chosen, other)]
    if tipped and scenario.actors[account.actor].rule.valuation not in (None, "none"):
        sentences.append(_terms_sentence(chosen, other, tipped))
    return sentences


def _first_sentence(scenario: Scenario, account: Decision, chosen: MoveExplained, other: MoveExplained) -> str:
    rule = scenario.actors[account.actor].rule
    gap = chosen.value - other.value
    odds = f"probability {chosen.probability:.3f}, and luck fell on it"
    if rule.response in ("argmax", "logit"):
        worth = f"{abs(gap):.4f} util {'more' if gap >= 0.0 else 'less'} than {other.label}"
        if abs(gap) < SEEN:
            return f"{capital(chosen.label)} was worth as much as {other.label}, the best other move; it had {odds}."
        if rule.response == "argmax":
            return f"{capital(chosen.label)} was worth {worth}, the best other move; the rule takes the best."
        if gap >= 0.0:
            return f"{capital(chosen.label)} was worth most, {worth}, the next best; it had {odds}."
        return f"{capital(chosen.label)} was worth {worth}, the best, but kept {odds}."
    if rule.response == "uniform":
        return f"Every legal move was equally likely: {chosen.label} had {odds}."
    if rule.response == "scripted":
        return f"{capital(chosen.label)} stood and goes on until the script says otherwise."
    actor = scenario.actors[account.actor]
    keeping = list(dict.fromkeys(step.move for step in actor.keeps_deal))
    kept = [words_of(scenario).move(account.actor, move) for move in keeping]
    if rule.response == "schedule_as_written":
        if chosen.move in keeping:
            turn = " now" if len(keeping) > 1 else ""
            return f"{capital(chosen.label)} is the move that keeps the deal{turn} (keeps_deal)."
        return f"{capital(' or '.join(kept))}, which keeps the deal, was not legal, so {chosen.label} is made."
    if rule.response == "reciprocal":
        strategy = rule.parameters.get("strategy", "tit_for_tat")
        answers_breach = chosen.move == actor.answers_breach and chosen.move not in keeping
        reason = "answers a breach by another" if answers_breach else "keeps the deal: no breach is being answered"
        if chosen.move not in (*keeping, actor.answers_breach):
            reason = "goes on, since the move called for was not legal"
        return f"{capital(chosen.label)} {reason} (strategy {strategy}); it had {odds}."
    return f"The rule {rule.response!r} gave {chosen.label} {odds}."


def _terms_sentence(chosen: MoveExplained, other: MoveExplained, tipped: Sequence[TermDifference]) -> str:
    """Say which terms spoke for the chosen move against another, and which against it."""
    largest = [term for term in tipped if abs(term.difference) >= LEAST_SHARE * abs(tipped[0].difference)]
    in_favour = [term for term in largest if term.difference > 0.0][:MOST_TERMS]
    against = [term for term in largest if term.difference < 0.0][:MOST_TERMS]
    parts = []
    if in_favour:
        parts.append(f"for {chosen.label} spoke {', '.join(map(_term, in_favour))}")
    if against:
        parts.append(f"for {other.label} {'' if parts else 'spoke '}{', '.join(map(_term, against))}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _term(term: TermDifference) -> str:
    return f"{term.words} ({abs(term.difference):.4f}: {term.label})"
