"""The dashboard as its readers see it: Chromium in front of the real program, over the starter
history. Figures without a source are those of the API, or of METHOD's golden observations, which the
starter history holds."""
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from page_case import PageCase, number
from probes import LONGEST_BREAK

# What failed is asked again after 1 s, not 20; nothing else is hurried.
IMPATIENT = """
const patient = window.setTimeout;
window.setTimeout = (work, ms, ...rest) => patient(work, ms === 20000 ? 1000 : ms, ...rest);
"""


class Page(PageCase):
    # --- the head ---------------------------------------------------------------------------------
    def test_the_figure_is_the_apis_in_every_unit(self):
        latest = self.daemon.get("api/v1/hashprice/latest")
        self.open()

        self.assertEqual(self.page.text("#figure"), f"{latest['usd_per_ph_day']:.2f}")
        for choice, exact in (("usd", latest["usd_per_ph_day"]), ("sat", latest["sat_per_ph_day"]),
                              ("btc", latest["sat_per_ph_day"] / 1e8)):
            self.page.click(f"#den [data-value={choice}]")
            for per, factor in (("th", 1e-3), ("ph", 1), ("eh", 1e3)):
                self.page.click(f"#per [data-value={per}]")
                shown = number(self.page.text("#figure"))
                self.assertAlmostEqual(shown / (exact * factor), 1, delta=2e-4)
                self.assertIn(f"{per.upper()}/s", self.page.text("#figure-unit"))
        self.page.settled()
        self.assertIn("den=btc", self.page.hash())
        self.assertIn("per=eh", self.page.hash())
        self.assertIn("BTC/EH/day", self.page.text("#readout"))

    def test_old_data_are_called_old_and_the_range_ends_at_the_last_of_them(self):
        latest = self.daemon.get("api/v1/hashprice/latest")
        self.open("#range=1m")

        self.assertIn("Not current.", self.page.text("#notices"))
        self.assertIn("The data end on 2025-12-01 00:00 UTC", self.page.text("#anchor-note"))
        self.assertEqual(float(self.page.run("return document.querySelector('#chart-panel').dataset.to")),
                         latest["time_s"])

    def test_changes_are_counted_from_the_closes_before(self):
        self.open()

        # METHOD's golden peak of 2025-07-11 and the API's newest value
        newest = self.daemon.get("api/v1/hashprice/latest")["usd_per_ph_day"]
        self.wait_for("#changes", "2025-07-11")
        tiles = self.page.run("return [...document.querySelectorAll('#changes dd')].map((d) => d.innerText)")
        self.assertAlmostEqual(number(tiles[3]), (newest / 63.950158 - 1) * 100, delta=0.06)
        week = self.daemon.get("api/v1/hashprice?from=2025-11-23&to=2025-11-24&step=1d")["points"][0]["close"]
        self.assertAlmostEqual(number(tiles[1]), (newest / week - 1) * 100, delta=0.06)

    # --- the chart --------------------------------------------------------------------------------
    def test_a_range_is_in_the_address_and_survives_a_reload(self):
        self.open()
        for name, days in (("1m", 30), ("1y", 365)):
            self.page.click(f"#range [data-value='{name}']")
            self.page.settled()
            self.assertEqual(self.page.hash(), f"#range={name}")

            self.page.reload()

            chosen = self.page.one("#range [aria-checked=true]").text
            span = self.page.run("const d = document.querySelector('#chart-panel').dataset; return d.to - d.from")
            self.assertEqual((chosen, span), (name, days * 86400))

    def test_a_shared_address_shows_the_same_window_and_its_attribution(self):
        self.open("#from=2025-07-11T00:00:00Z&to=2025-11-05T00:00:00Z")

        self.assertIn("63.95 on 2025-07-11", self.page.text("#chart-text"))
        # METHOD, attribution 2025-07-11 to 2025-11-04: 33.61 %, 65.79 %, 0.60 %, whole -35.44 %
        self.wait_for("#drivers", "\u221235.4")
        for share in ("33.6 %", "65.8 %", "0.6 %"):
            self.assertIn(share, self.page.text("#drivers"))

    def test_the_gap_of_august_is_hatched_and_not_bridged(self):
        self.open("#from=2025-08-01T00:00:00Z&to=2025-08-16T00:00:00Z")

        # closes stand at the end of their day: 08-02 to 08-16 is the line, 08-06 to 08-12 its gap
        self.assertAlmostEqual(self.page.run(LONGEST_BREAK), 6 / 14, delta=0.04)
        self.assertIn("not observed", self.page.text("#legend"))
        self.assertIn("one stretch not observed", self.page.text("#chart-text"))

    def test_without_a_gap_the_line_is_whole(self):
        self.open("#from=2025-09-01T00:00:00Z&to=2025-09-16T00:00:00Z")

        self.assertLess(self.page.run(LONGEST_BREAK), 0.02)

    def test_the_keys_move_zoom_and_leave(self):
        self.open("#range=1m")
        self.page.run("document.querySelector('#chart').focus()")
        press = lambda *keys: ActionChains(self.page.driver).send_keys(*keys).perform()

        press(Keys.END, Keys.ARROW_LEFT)
        self.wait_for("#readout", "2025-11-29")
        press(Keys.ARROW_LEFT)
        self.wait_for("#readout", "2025-11-28")
        self.assertIn("difficulty", self.page.text("#readout"))
        press("-")
        self.page.until(lambda: "from=" in self.page.hash(), "a free window in the address")

    def test_dragging_zooms_and_the_address_follows(self):
        self.open("#range=6m")
        chart = self.page.one("#chart")
        ActionChains(self.page.driver).move_to_element_with_offset(chart, -200, 0).click_and_hold() \
            .move_by_offset(300, 0).release().perform()

        self.page.until(lambda: "from=" in self.page.hash() and "to=" in self.page.hash(), "a window")
        self.assertEqual(self.page.all("#range [aria-checked=true]"), [])

    def test_the_buttons_zoom_in_and_out(self):
        span = "const d = document.querySelector('#chart-panel').dataset; return d.to - d.from"
        self.open("#range=1m")
        for button, days in (("in", 15), ("out", 30), ("out", 60)):
            self.page.click(f"#zoom-{button}")
            self.page.until(lambda days=days: abs(self.page.run(span) - days * 86400) < 5, f"{days} days")
            self.page.settled()

    def test_the_log_switch_is_in_the_address(self):
        self.open("#range=1y")
        self.page.click("#log")
        self.assertEqual(self.page.one("#log").get_attribute("aria-pressed"), "true")
        self.assertIn("log=1", self.page.hash())

    # --- the panels -------------------------------------------------------------------------------
    def test_a_decline_is_listed_and_a_click_shows_it(self):
        self.open()
        self.page.click("#episodes [data-id='sustained-decline-2025-07-11']")
        self.page.settled()

        self.assertIn("episode=sustained-decline-2025-07-11", self.page.hash())
        # METHOD, attribution 2025-07-11 to 2025-11-22: 54.92 %, 44.18 %, 0.90 %
        for share in ("54.9 %", "44.2 %", "0.9 %"):
            self.wait_for("#drivers", share)
        self.assertIn("decline, peak to trough", self.page.text("#legend"))
        self.assertEqual(self.page.one("#episodes [aria-pressed=true]").get_attribute("data-id"),
                         "sustained-decline-2025-07-11")

    def test_fleets_are_told_by_what_they_earn_and_what_else_they_could(self):
        value = self.daemon.get("api/v1/hashprice/latest")["usd_per_ph_day"]
        self.open()

        rows = self.page.run("return [...document.querySelectorAll('#fleets tbody tr')].map((r) => r.innerText)")
        self.assertIn("above water", rows[0])
        self.assertIn("under water", rows[1])
        self.assertIn("ai-hosting 200", rows[0])
        # METHOD 4: 0.024 * 17.5 J/TH * 60 USD/MWh = 25.2 USD per PH and day for power
        self.assertIn(f"{value - 25.2:.2f}", rows[0])
        self.assertIn("breaks even", self.page.run("return document.querySelector('#legend').innerText")
                      .replace("a fleet\u2019s break-even", "breaks even"))

    def test_a_gap_is_listed_and_a_click_shows_it(self):
        self.open()
        self.assertIn("2025-08-06 to 2025-08-10", self.page.text("#gaps"))
        self.assertIn("mempool", self.page.text("#sources"))

        self.page.click("#gaps button")
        self.page.settled()
        self.assertIn("from=2025-07-27T00:00:00Z", self.page.hash())
        self.assertIn("not observed", self.page.text("#legend"))

    def test_own_numbers_are_reckoned(self):
        value = self.daemon.get("api/v1/hashprice/latest")["usd_per_ph_day"]
        self.open()
        self.page.one("#own-efficiency").send_keys("21.5")
        self.page.one("#own-power").send_keys("90")

        # METHOD 4
        self.wait_for("#own-answer", "Under water")
        answer = self.page.text("#own-answer").replace("\u2212", "-")
        self.assertIn(f"{value - 0.024 * 21.5 * 90:.2f} USD/PH/day", answer)
        self.assertIn(f"{value * 1000 / (24 * 21.5):.1f} USD/MWh", answer)
        self.assertIn(f"{value / (0.024 * 90):.1f} J/TH", answer)

        self.page.one("#own-efficiency").clear()
        self.page.one("#own-efficiency").send_keys("-3")
        self.wait_for("#own-answer", "a number from 1 to 10000")

    def test_a_failing_panel_says_so_is_asked_again_and_the_rest_works(self):
        self.complains = True
        self.page.cdp("Network.enable")
        soon = self.page.cdp("Page.addScriptToEvaluateOnNewDocument", source=IMPATIENT)["identifier"]
        self.page.cdp("Network.setBlockedURLs", urls=["*/api/v1/declines*", "*/api/v1/breakeven*"])
        try:
            self.open()
            self.assertIn("does not answer", self.page.text("#episodes"))
            self.assertIn("does not answer", self.page.text("#fleets"))
            self.assertIn("63.95 on 2025-07-11", self.page.text("#chart-text"))
            self.assertNotEqual(self.page.text("#figure"), "\u2013")
            self.page.cdp("Network.setBlockedURLs", urls=[])
            self.wait_for("#episodes", "2025-07-11 to 2025-11-22")
            self.wait_for("#fleets", "old-barn")
        finally:
            self.page.cdp("Network.setBlockedURLs", urls=[])
            self.page.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=soon)

    def test_without_a_history_the_panels_beside_it_say_so(self):
        self.complains = True
        self.page.cdp("Network.enable")
        self.page.cdp("Network.setBlockedURLs", urls=["*/api/v1/hashprice?*"])
        soon = self.page.cdp("Page.addScriptToEvaluateOnNewDocument", source=IMPATIENT)["identifier"]
        try:
            self.open()
            self.assertIn("does not answer", self.page.text("#chart-note"))
            self.assertIn("could not be read", self.page.text("#drivers"))
            self.wait_for("#inputs", "90,381")
            self.page.cdp("Network.setBlockedURLs", urls=[])
            self.wait_for("#chart-text", "63.95 on 2025-07-11")
        finally:
            self.page.cdp("Network.setBlockedURLs", urls=[])
            self.page.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=soon)

    # --- everywhere -------------------------------------------------------------------------------
    def test_no_error_no_violation_and_no_request_to_anybody_else(self):
        self.open()
        self.page.click("#range [data-value=all]")
        self.page.settled()

        self.assertEqual(self.page.complaints(), [])
        self.assertEqual(self.page.run("return window.violations"), [])
        asked = [url for url in self.page.requested() if not url.startswith(("data:", "about:"))]
        self.assertGreater(len(asked), 30)
        self.assertEqual([url for url in asked if not url.startswith(self.daemon.url + "/")], [])

    def test_a_lost_connection_is_told_and_taken_up_again(self):
        self.complains = True
        self.open()
        self.page.until(lambda: self.page.text("#live-text") == "connected", "a live stream")

        self.daemon.stop()
        self.wait_for("#live-text", "connection lost")
        self.assertIn("No connection.", self.page.text("#notices"))

        self.daemon.start()
        self.page.until(lambda: self.page.text("#live-text") == "connected", "the stream again")
        self.page.until(lambda: "No connection." not in self.page.text("#notices"), "the notice gone")
