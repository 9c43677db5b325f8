"""Ticks of the calendar: names, spacing and bounds for axes from days to a century."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sim.plots.calendar_axis import MOST_TICKS, calendar_ticks

DATES = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


@given(DATES, st.integers(1, 40_000))
def test_ticks_are_few_ascending_and_on_the_axis(start, days):
    """Whatever start and horizon, the ticks lie on the axis in order and are not too many to be read."""
    ticks = calendar_ticks(start, days)
    places = [day for day, _ in ticks]
    assert all(0 <= day <= days for day in places)
    assert places == sorted(set(places))
    assert len(ticks) <= MOST_TICKS + 1
    assert days < 60 or len(ticks) >= 1


@given(DATES, st.integers(60, 40_000))
def test_long_axes_have_ticks_on_the_first_of_a_month(start, days):
    """A tick that names a month or a year stands on its first day."""
    for day, label in calendar_ticks(start, days):
        date = start + dt.timedelta(days=day)
        assert date.day == 1
        assert label.split("\n")[0] in (date.strftime("%b"), str(date.year))


def test_short_axes_name_days():
    """A month has days, and its year under the first."""
    assert calendar_ticks(dt.date(2020, 2, 29), 20)[:2] == [(0, "29 Feb\n2020"), (2, "2 Mar")]


def test_decades_name_years():
    """Over forty years only years are named."""
    labels = [label for _, label in calendar_ticks(dt.date(1998, 4, 10), 14_610)]
    assert labels[0] == "2000"
    assert all(label.isdigit() for label in labels)
