"""What the tests of the dashboard share: a daemon over the starter history with two fleets, a page."""
import re
import unittest

from browser import Browser, Daemon

FLEETS = """
[[fleet]]
name = "hall-a"
efficiency_j_per_th = 17.5
power_usd_per_mwh = 60.0
hashrate_ph = 120.0
machine_price_usd_per_th = 16.0
[[fleet]]
name = "old-barn"
efficiency_j_per_th = 29.5
power_usd_per_mwh = 62.0
hashrate_ph = 45.0
[[alternative]]
name = "ai-hosting"
usd_per_mwh = 200.0
"""


def number(text):
    return float(re.search(r"[\u2212-]?[\d,]*\.?\d+", text)[0].replace(",", "").replace("\u2212", "-"))


class PageCase(unittest.TestCase):
    """No test leaves a complaint in the console or breaks the page's policy, unless it says so."""

    complains = False

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(FLEETS)
        cls.addClassCleanup(cls.daemon.end)
        cls.page = Browser()
        cls.addClassCleanup(cls.page.end)

    def setUp(self):
        self.complains = False
        self.page.size(1280, 900)
        self.page.colours("light")
        self.page.complaints()
        self.page.requested()

    def tearDown(self):
        if not self.complains:
            self.assertEqual(self.page.complaints(), [])
            self.assertEqual(self.page.run("return window.violations"), [])

    def open(self, view=""):
        self.page.open(f"{self.daemon.url}/{view}")

    def wait_for(self, selector, text):
        self.page.until(lambda: text in self.page.text(selector), f"{text!r} in {selector}")
