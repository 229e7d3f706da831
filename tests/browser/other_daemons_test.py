"""The dashboard of daemons that are not set up as usual, or have nothing to show, or are live."""
import json
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.request

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import browser
from browser import Browser, Daemon
from probes import LONGEST_BREAK, LOW_CONTRAST

TOKEN = "a-token-that-is-long-enough"
MIDNIGHT_S = 1763164800  # 2025-11-15T00:00:00Z
SOURCES = ("mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp", "gemini")


def forget_everything(database):
    """As before the first observation: what was derived and what it was derived from."""
    with sqlite3.connect(database) as db:
        for table in ("observations", "bars_1h", "bars_1d", "bars_1w", "bars_1mo", "prices", "fee_means"):
            db.execute(f"DELETE FROM {table}")
    db.close()


class FakeUpstream:
    """Every source, as the tests know them, with a present of its own that moves."""

    def __init__(self):
        self.process = subprocess.Popen([browser.FAKE_UPSTREAM], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"
        self.control(f"now?t={MIDNIGHT_S}&run=1")

    def control(self, what):
        with urllib.request.urlopen(f"{self.url}/_control/{what}", timeout=10) as answer:
            return json.load(answer)

    def config(self):
        sources = (f'[[source]]\nname = "{name}"\nkind = "{name}"\nbase_url = "{self.url}/{name}"\n'
                   "requests_per_minute = 6000\n" for name in SOURCES)
        return ('[poll]\ninterval = "1s"\nblock_interval = "1s"\nbackfill_on_start = "0"\n'
                + "".join(sources))

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


class OtherDaemons(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = Browser()
        cls.addClassCleanup(cls.page.end)

    def serve(self, config="", **more):
        daemon = Daemon(config, **more)
        self.addCleanup(daemon.end)
        return daemon

    def test_before_the_first_observation_every_panel_says_what_it_waits_for(self):
        daemon = self.serve(prepare=forget_everything)
        self.page.open(daemon.url)

        self.assertEqual(self.page.text("#figure"), "\u2013")
        self.assertIn("No data yet.", self.page.text("#notices"))
        self.assertIn("No data yet.", self.page.text("#chart-note"))
        self.assertIn("No declines.", self.page.text("#episodes"))
        self.assertIn("No hash price yet.", self.page.text("#fleets"))
        self.assertNotIn("NaN", self.page.text("body"))
        self.assertEqual(self.page.run(LOW_CONTRAST), [])

    def test_without_fleets_the_page_says_how_to_add_one(self):
        daemon = self.serve()
        self.page.open(daemon.url)

        self.assertIn("No fleets are set up.", self.page.text("#fleets"))
        self.assertIn("[[fleet]]", self.page.text("#fleets"))

    def test_a_note_is_marked_and_named_under_the_cursor(self):
        daemon = self.serve()
        subprocess.run([browser.HASHPRICE, "--config", daemon.config, "annotate", "add",
                        "2025-10-10T12:00:00Z", "Curtailment <b>ends</b>"], env=daemon.environment,
                       check=True, capture_output=True)
        self.page.open(f"{daemon.url}/#from=2025-10-05T00:00:00Z&to=2025-10-16T00:00:00Z")

        self.assertIn("halving, note", self.page.text("#legend"))
        self.page.run("document.querySelector('#chart').focus()")
        for key in (Keys.HOME, *[Keys.ARROW_RIGHT] * 10):
            if self.page.text("#readout").startswith("2025-10-10"):
                break
            ActionChains(self.page.driver).send_keys(key).perform()
        # as it was written, never as markup
        self.assertIn("Curtailment <b>ends</b>", self.page.text("#readout"))

    def test_a_token_is_asked_for_once_a_tab(self):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(TOKEN)
            file.flush()
            daemon = self.serve(f'[http]\ntoken_file = "{file.name}"\n')
        self.page.driver.get(daemon.url)
        self.page.until(lambda: self.page.one("#token-dialog").is_displayed(), "the question")

        self.page.one("#token").send_keys("wrong" + Keys.ENTER)
        self.page.until(lambda: self.page.one("#token-wrong").is_displayed(), "the refusal")
        self.page.one("#token").send_keys(TOKEN + Keys.ENTER)
        self.page.settled()

        self.assertEqual(self.page.text("#figure"), "38.21")
        self.page.until(lambda: self.page.text("#live-text") == "connected", "a stream with the token")
        self.page.reload()
        self.assertFalse(self.page.one("#token-dialog").is_displayed())
        self.assertNotIn(TOKEN, self.page.run("return location.href"))

    def test_what_is_observed_appears_without_a_reload(self):
        upstream = FakeUpstream()
        self.addCleanup(upstream.end)
        daemon = self.serve(upstream.config(), polls_from="2025-11-15 00:00:00")
        self.page.until(lambda: not daemon.get("api/v1/hashprice/latest")["stale"], "a live value")
        self.page.open(f"{daemon.url}/#range=1d")

        observed = "return document.querySelector('#age time').dateTime"
        shown = self.page.run(observed)
        figure = self.page.text("#figure")
        upstream.control("offset?mount=/coinbase&cents=100000")  # 1000 USD on one of four: 0.26 %
        self.page.until(lambda: self.page.text("#figure") != figure, "another figure")
        self.page.until(lambda: self.page.run(observed) > shown, "a later observation")

        # a past that is known by the day is not taken for one with 23 hours missing in each
        self.page.open(f"{daemon.url}/#range=1m")
        self.assertLess(self.page.run(LONGEST_BREAK), 0.1)
        self.assertNotIn("Not current.", self.page.text("#notices"))
        self.assertEqual(self.page.run("return window.violations"), [])
