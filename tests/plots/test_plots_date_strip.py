"""The strip of dates above a figure marks events of the scenario in their words."""

from __future__ import annotations

from toy_deals import deal

import sim
from sim.plots.date_strip import MOST_EVENTS, marks_of

EVENTS = {
    "vote": {
        "what": "the plebiscite",
        "day": 20,
        "one_of": {"yes": {"what": "the people say Yes", "probability": 0.5}, "no": {"what": "the people say No"}},
    },
    "murder": {"what": "a former fighter is murdered on the road to the capital", "per_day": 0.1, "at_most": 50},
    "doubt": {"what": "a doubt", "day": 40, "probability": 0.5},
}


def test_events_of_a_run_are_marked_on_their_first_day() -> None:
    """An alternative stands for its event; long words are cut."""
    run = sim.run(deal(events=EVENTS), seed=1)
    marks = {mark.text: mark.day for mark in marks_of(run.scenario, run, None)}
    assert "the plebiscite" not in marks
    assert [day for text, day in marks.items() if text.startswith("the people say")] == [20.0]
    murders = run.events[run.events.entity == "murder"]
    assert len(murders) > 5
    assert [day for text, day in marks.items() if "murdered" in text] == [murders.day.min()]
    assert max(len(text) for text in marks if "murdered" in text) <= 44


def test_without_a_run_certain_dates_are_marked() -> None:
    """What chance decides is not; of many, the earliest."""
    assert [(mark.day, mark.text) for mark in marks_of(deal(events=EVENTS), None, None)] == [(20.0, "the plebiscite")]
    many = {f"day_{i}": {"what": f"day {i}", "day": 50 - i} for i in range(MOST_EVENTS + 3)}
    marks = marks_of(deal(events=many), None, None)
    assert [mark.day for mark in marks] == [42.0 + i for i in range(MOST_EVENTS)]
