"""How quickly the dashboard stands there: fifteen years of hourly hash prices, a cold browser.

usage: speed_bench.py HASHPRICE
Prints medians of FIRST_LOOKS visits, each by a Chromium that was never there: first paint, the chart
drawn, bytes over the wire; and of ZOOMS zooms over all of the history, each until the chart is drawn
again. Fails only where a figure is far off: a machine that others share says little about a second.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import browser
from browser import Browser, Daemon

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "contract"))
import long_history  # pylint: disable=wrong-import-position

FIRST_LOOKS, ZOOMS = 5, 10
# From here on: the time at which each drawing of the main chart was finished.
DRAWN = """
new MutationObserver(() => {
  const panel = document.querySelector('#chart-panel');
  if (panel && !panel.hasAttribute('aria-busy') && panel.dataset.to) window.drawn = performance.now();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['aria-busy']});
"""


def remember(path):
    folder = tempfile.mkdtemp()
    candles, fees = long_history.write(folder)
    for call in ([candles, "--source", "coinbase", "--span", "1h"], [fees]):
        began = time.monotonic()
        subprocess.run([browser.HASHPRICE, "--db", path, "import", *call], check=True,
                       capture_output=True)
        print(f"imported {os.path.basename(call[0])} in {time.monotonic() - began:.0f} s")


def first_look(daemon):
    page = Browser()
    try:
        page.cdp("Page.addScriptToEvaluateOnNewDocument", source=DRAWN)
        page.cdp("Network.enable")
        page.open(f"{daemon.url}/#range=all")
        paint = page.run("return performance.getEntriesByName('first-contentful-paint')[0].startTime")
        over = page.run("return performance.getEntries().filter((e) => e.transferSize !== undefined)"
                        ".map((e) => [e.name, e.transferSize])")
        files = sum(size for name, size in over if "/api/" not in name)
        return paint, page.run("return window.drawn"), files, sum(size for _, size in over), zooms(page)
    finally:
        page.end()


def zooms(page):
    """Milliseconds from the press of a button to the chart drawn anew, out from an hour to all."""
    took = []
    for name in ("1y", "all") * (ZOOMS // 2):
        began = page.run("window.drawn = 0; document.querySelector("
                         "`#range [data-value='${arguments[0]}']`).click(); return performance.now()", name)
        page.until(lambda: page.run("return window.drawn") > began, "a chart drawn anew")
        took.append(page.run("return window.drawn") - began)
    return statistics.median(took)


def main():
    daemon = Daemon(prepare=remember)
    try:
        status = daemon.get("api/v1/status")["observations"]
        print(f"{status['count']} observations from {status['first']} to {status['last']}")
        looks = [first_look(daemon) for _ in range(FIRST_LOOKS)]
    finally:
        daemon.end()
    paint, drawn, files, whole, zoom = (statistics.median(column) for column in zip(*looks))
    print(f"first paint {paint:.0f} ms, all of the history drawn {drawn:.0f} ms, zoom {zoom:.0f} ms")
    print(f"the page {files / 1024:.1f} KB over the wire, with its data {whole / 1024:.1f} KB")
    return 0 if paint < 5_000 and files < 250 * 1024 else 1


if __name__ == "__main__":
    browser.HASHPRICE = sys.argv[1]
    sys.exit(main())
