"""The explorer in a real browser: a slider moves, the page says what compare says, worlds open, forks, nothing leaves.

It needs Chromium (Debian: ``apt-get install chromium``) and Playwright's Python package; without them it says so.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.explorer.server import Explorer
from sim.explorer.session import Session
from sim.page.finding import finding
from sim.page.outcome_bars import bars_of

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the browser test needs playwright: pip install '.[test]'"
)

CHROMIUM = shutil.which("chromium") or ""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WAIT = 120_000
"""Milliseconds: machines are shared, and no test asserts a time."""
TOY = sim.load("toys/two_actors")
FULL = 120
NAME_OF = "one => one.getAttribute('aria-label') || one.textContent.trim() || (one.labels?.[0]?.textContent ?? '')"

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="the browser test needs Chromium: apt-get install chromium"),
    pytest.mark.slow,
]


class Watched:
    """A page, with everything that it asked for and whatever went wrong in it."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.context.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(WAIT)

    def settled(self, runs: int = FULL, values: list[float] | None = None) -> None:
        """Wait until the page shows so many worlds, of a deal if one is given."""
        shown = "" if values is None else f'[data-values="{",".join(f"{value:g}" for value in values)}"]'
        self.page.wait_for_selector(f'main[data-runs="{runs}"]{shown}:not([aria-busy])')


@pytest.fixture(scope="module")
def explorer() -> Iterator[Explorer]:
    """Serve the toy."""
    made = Explorer(Session(TOY, "toys/two_actors", seed=7, full_runs=FULL))
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium once."""
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def watched(browser: Any, explorer: Explorer) -> Iterator[Watched]:
    """Open the page of the toy; at the end nothing has left this computer and nothing has gone wrong."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    page = Watched(context.new_page(), explorer.url)
    page.page.goto(explorer.url)
    page.settled()
    yield page
    assert [url for url in page.requests if not url.startswith((explorer.url, "blob:", "data:"))] == []
    assert page.complaints == []
    context.close()


def compared(changes: dict[str, Any], runs: int = FULL) -> Any:
    """Compare as the command line and Python do."""
    names = ["the deal as written", "your deal"]
    return sim.compare([TOY, TOY.replace(changes)], runs=runs, seed=7, names=names, baselines=False)


def test_a_slider_moves_and_sentence_and_bars_are_what_compare_says(watched: Watched) -> None:
    """By the keyboard: sentence, every share and every difference; and in full the sentences of compare."""
    page = watched.page
    before = page.locator(".finding").inner_text()
    assert before.startswith("As written: talks at some time in ")
    slider = page.get_by_role("slider", name="Captives freed a day persons a day")
    slider.focus()
    for _ in range(3):
        slider.press("PageUp")
    watched.settled(FULL, [40, 0.8, 0.2, 1])
    comparison = compared({"actors.state.moves.free.release.per_day": 40})
    assert page.locator(".finding").inner_text() == finding(bars_of(comparison), (), FULL, changed=True) != before
    for name, row in comparison.differences.loc["your deal"].iterrows():
        cells = page.locator(f'.bars tr[data-measure="{name}"] td.number')
        count = comparison.shares.loc[("your deal", name)]["count"]
        assert cells.nth(0).get_attribute("title") == f"{count:.0f} of {FULL} worlds"
        shown = cells.nth(2).inner_text().replace("−", "-")
        assert float(shown.split()[0]) == pytest.approx(100 * row.difference, abs=0.5)
    page.get_by_text("Every difference in words").click()
    page.wait_for_selector(".infull p")
    assert page.locator(".infull p").first.inner_text() == comparison.summary[0]


def test_a_world_is_opened_and_tells_why_and_is_forked(watched: Watched) -> None:
    """By a click: its turning points, the reasons of a decision as explain says them, another move on its date."""
    page = watched.page
    run = sim.run(TOY, seed=7, replication=4)
    page.get_by_role("button", name="World 5: ").click()
    page.wait_for_selector(".ribbon svg")
    told = [f"{date} {text[:1].upper()}{text[1:]}" for date, text in run.turning_points()]
    assert page.locator(".worldview .turning").first.locator("li").all_inner_texts() == told
    decision = next(d for d in run.decisions if d.actor == "state" and d.chosen == "wait")
    dots = page.get_by_role("slider", name="Decisions of State")
    dots.focus()
    place = [d for d in run.decisions if d.actor == "state"].index(decision)
    for _ in range(place):
        dots.press("ArrowRight")
    assert dots.get_attribute("aria-valuetext").startswith(f"{decision.date}: ")
    dots.press("Enter")
    page.wait_for_selector(".whyview .why")
    explained = next(d for d in run.explain(decision.day).decisions if d.actor == "state")
    assert explained.why in page.locator(".whyview .why").all_inner_texts()
    page.get_by_role("button", name=f"What if Free on {decision.date}?").click()
    page.wait_for_selector(".forkview .ribbon svg")
    fork = run.fork(decision.day, moves={"state": "free"})
    label = TOY.outcome_labels[fork.outcome["outcome"]]
    assert label in page.locator(".forked").inner_text()
    assert page.locator(".forkview .ribbon svg").count() == 2


def test_an_overlay_is_saved_that_validates_and_python_that_runs(watched: Watched, tmp_path: Path) -> None:
    """What is saved is the deal that was looked at."""
    page = watched.page
    page.get_by_role("checkbox", name="Quarrels over who was freed").uncheck()
    page.get_by_label("Captives freed that the rebels count at once, exact").fill("0.55")
    page.keyboard.press("Tab")
    watched.settled(FULL, [10, 0.55, 0.2, 0])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as scenario file").click()
    path = tmp_path / "changed_deal.yaml"
    download.value.save_as(path)
    changes = {"deal.captives.prisoners.counted_at_once.own": 0.55, "mechanisms.disputes": False}
    assert sim.load(path).replace({"title": TOY.title}) == TOY.replace(changes)
    page.get_by_role("button", name="Copy as Python").click()
    page.wait_for_selector(".copied")
    lines = page.locator(".copied").inner_text().replace("print(", "said = (")
    made: dict[str, Any] = {}
    exec(lines, made)
    assert made["said"] == compared(changes).summary[0]


def test_the_fan_is_told_to_keyboard_and_screen_reader(watched: Watched) -> None:
    """A label, arrow keys that read out dates, and a table of the same numbers."""
    page = watched.page
    fan = page.locator(".fan")
    assert "Prisoners freed by State, persons: fan over time" in fan.get_attribute("aria-label")
    fan.focus()
    fan.press("End")
    bands = sim.replicate(TOY, FULL, seed=7).bands("persons_freed(prisoners)").loc["persons_freed(prisoners)"]
    last = bands.iloc[-1]
    assert f"{last['running']:.0f} worlds still going on" in page.locator(".readout").inner_text()
    page.get_by_text("The same as a table").click()
    row = page.locator("details.numbers tbody tr").last.locator("td").all_inner_texts()
    assert float(row[1].replace(",", "")) == pytest.approx(last["q0.5"], rel=0.01)


def test_everything_has_a_name_and_can_be_reached_by_keyboard(watched: Watched) -> None:
    """Controls have names, the page has headings in order, and tabs reach sliders, buttons and worlds."""
    page = watched.page
    controls = page.locator("button, input, select, [role=slider]")
    for place in range(controls.count()):
        control = controls.nth(place)
        assert control.evaluate(NAME_OF)
    reached = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.className || document.activeElement.type || ''"))
    assert {"range", "number", "checkbox", "fan", "world"} <= reached


def test_a_narrow_screen_has_no_sideways_scroll(watched: Watched) -> None:
    """The page folds into one column."""
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("button", name="World 1: ").click()
    page.wait_for_selector(".ribbon svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_numbers_survive_a_reload_and_wrong_ones_in_the_address_are_ignored(watched: Watched) -> None:
    """The address keeps the sliders; what is outside their ranges is not taken."""
    page = watched.page
    slider = page.get_by_role("slider", name="Captives freed a day persons a day")
    slider.focus()
    slider.press("ArrowRight")
    watched.settled(FULL, [11, 0.8, 0.2, 1])
    page.reload()
    watched.settled(FULL, [11, 0.8, 0.2, 1])
    page.goto(watched.url + "#1e9,0,0,0")
    page.reload()
    watched.settled(FULL, [10, 0.8, 0.2, 1])


def test_a_report_opens_from_the_disk_without_any_request(browser: Any, tmp_path: Path) -> None:
    """Its bars are drawn, a world opens, and nothing is asked for but the file itself."""
    from sim.report.results import comparison_report

    path = tmp_path / "report.html"
    quick = TOY.replace({"actors.state.moves.free.release.per_day": 40})
    made = sim.compare([TOY, quick], runs=24, seed=7, names=["toy", "quick"], baselines=False)
    path.write_text(comparison_report(made, "sim compare"), encoding="utf-8")
    context = browser.new_context(offline=True)
    page = Watched(context.new_page(), path.as_uri())
    page.page.goto(path.as_uri())
    page.page.wait_for_selector("table.bars")
    share = made.shares.loc[("quick", "talks_began")]["count"]
    shown = page.page.locator('.bars tr[data-measure="talks_began"] td.number').first.get_attribute("title")
    assert shown == f"{share:.0f} of 24 worlds"
    page.page.get_by_role("button", name="World 2: ").click()
    page.page.wait_for_selector(".ribbon svg")
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
    assert page.complaints == []
    context.close()
