"""How fast the explorer answers: from opening its page to the first paint, and from a slider to the changed page.

    python benchmarks/explore.py [SCENARIO] [--changes 30] [--screenshots FOLDER]

A real browser (Debian's Chromium, driven by Playwright) opens the page and moves the first slider again and again,
each time to a value that was not asked for before. Times are taken in the page by its own clock, up to the frame in
which the changed page is drawn. The batch itself is timed in the server, so that what is left is all that the explorer
adds: checking the numbers, binding the scenario, comparing, sending, drawing. The figures are only worth something on
cores that have nothing else to do.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import sim
from sim.explorer.server import Explorer
from sim.explorer.session import Session
from sim.page.growing_batch import GrowingBatch

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MOVE = """
([place, value]) => new Promise((done) => {
  const main = document.querySelector("main"), slider = main.querySelectorAll("input[type=range]")[place];
  const before = main.dataset.values, began = performance.now();
  const watch = new MutationObserver(() => {
    if (main.dataset.values === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  watch.observe(main, { attributes: true });
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="doha_2020/baseline")
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--screenshots", type=Path)
    arguments = parser.parse_args()

    batches: list[float] = []
    first = GrowingBatch.first

    def timed(self: GrowingBatch, *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return first(self, *given)
        finally:
            batches.append(1000.0 * (time.perf_counter() - began))

    GrowingBatch.first = timed  # type: ignore[method-assign]
    session = Session(sim.load(arguments.scenario), arguments.scenario, seed=7)
    session.warm_up()
    explorer = Explorer(session)
    threading.Thread(target=explorer.run, daemon=True).start()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        requests: list[str] = []
        sizes: list[int] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on(
            "response", lambda response: sizes.append(len(response.body())) if "/ask/" not in response.url else None
        )
        page.goto(explorer.url)
        page.wait_for_selector("main[data-runs]")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        answered = page.evaluate("performance.now()")
        page.wait_for_selector(f'main[data-runs="{session.full_runs}"]')
        slider = session.sliders[0]
        print(f"{session.scenario.title}; {len(session.sliders)} sliders, {session.first_runs} worlds first")
        print(f"page: {sum(sizes) / 1000:.0f} kB in {len(sizes)} files")
        print(f"first paint {paint:.0f} ms after the page was asked for, first answer by {answered:.0f} ms")
        totals, overheads = [], []
        for change in range(arguments.changes):
            value = slider.low + (change + 0.5) / arguments.changes * (slider.high - slider.low)
            batches.clear()
            total = page.evaluate(MOVE, [0, value])
            totals.append(total)
            overheads.append(total - sum(batches[:2]))
        for name, times in (("slider to changed page", totals), ("of it beyond the batch", overheads)):
            ordered = sorted(times)
            worst = ordered[int(0.95 * (len(ordered) - 1))]
            print(
                f"{name}: median {statistics.median(times):.0f} ms, 95 % within {worst:.0f} ms ({len(times)} changes)"
            )
        outside = [url for url in requests if not url.startswith((explorer.url, "data:"))]
        print(f"requests that left the machine: {len(outside)} of {len(requests)}")
        if arguments.screenshots is not None:
            arguments.screenshots.mkdir(parents=True, exist_ok=True)
            page.wait_for_selector(f'main[data-runs="{session.full_runs}"]:not([aria-busy])')
            page.screenshot(path=arguments.screenshots / "explorer.png")
        browser.close()
    explorer.stop()


if __name__ == "__main__":
    main()
