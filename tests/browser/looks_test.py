"""How the dashboard looks and is used without a mouse: shading, scale, names, contrast, colours, keys,
phone and wall, weight."""
import math
import urllib.request

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import colours
from page_case import PageCase
from probes import AXIS_LABELS, LOW_CONTRAST, SHADED, nameless, tree_of

DRIVERS = ("--price", "--difficulty", "--fees", "--subsidy")


class Looks(PageCase):
    def press(self, *keys):
        ActionChains(self.page.driver).send_keys(*keys).perform()

    def value_of(self, name):
        return self.page.run("return getComputedStyle(document.documentElement)"
                             ".getPropertyValue(arguments[0]).trim()", name)

    def focused(self, what="id"):
        return self.page.run("const e = document.activeElement; return e[arguments[0]] ?? e.getAttribute(arguments[0])", what)

    # --- the chart --------------------------------------------------------------------------------
    def test_declines_are_shaded_from_peak_to_trough(self):
        self.open("#range=1y")
        (first, second) = self.page.run(SHADED)
        # METHOD 3: 2025-07-11 to 2025-11-22, 134 days; the one before by the same rule on the same
        # closes: 2025-01-21 to 2025-04-08, 77 days, which leaves 94 between them
        days = (second[1] - second[0]) / 134
        self.assertAlmostEqual((first[1] - first[0]) / days, 77, delta=1.5)
        self.assertAlmostEqual((second[0] - first[1]) / days, 94, delta=1.5)
        self.assertIn("2025-07-11 to 2025-11-22 (\u221245\u00a0%, critical)", self.page.text("#chart-text"))

    def test_where_nothing_declines_nothing_is_shaded(self):
        self.open("#from=2025-04-20T00:00:00Z&to=2025-07-01T00:00:00Z")
        self.assertEqual(self.page.run(SHADED), [])
        self.assertNotIn("decline", self.page.text("#legend"))

    def test_the_log_scale_is_one(self):
        self.open("#range=1y&log=1")
        labels = sorted(self.page.run(AXIS_LABELS))
        self.assertGreater(len(labels), 2)
        (low, bottom), *_, (high, top) = labels
        for value, at in labels[1:-1]:
            logarithmic = bottom + (top - bottom) * math.log(value / low) / math.log(high / low)
            linear = bottom + (top - bottom) * (value - low) / (high - low)
            self.assertLess(abs(at - logarithmic), 2)
            self.assertGreater(abs(at - linear), 3)

    def test_a_retarget_is_named_under_the_cursor_with_the_inputs(self):
        self.open("#from=2025-07-01T00:00:00Z&to=2025-07-21T00:00:00Z")
        self.page.run("document.querySelector('#chart').focus()")
        self.press(Keys.HOME)
        for _ in range(20):
            if self.page.text("#readout").startswith("2025-07-12"):
                break
            self.press(Keys.ARROW_RIGHT)
        # METHOD: 58.991135 at the end of 2025-07-12, difficulty +7.96 % that day, price 117468.16
        for figure in ("58.99 USD/PH/day", "126.27 T", "117,468 USD", "+8.0", "0.0273 BTC"):
            self.assertIn(figure, self.page.text("#readout"))
        self.assertEqual(self.page.text("#inputs [data-input=price] output"), "117,468")
        self.assertIn("retarget", self.page.text("#legend"))

    def test_the_pointer_moves_all_charts(self):
        self.open("#range=1m")
        newest = self.page.text("#readout")
        chart = self.page.one("#chart")
        ActionChains(self.page.driver).move_to_element_with_offset(chart, -250, 0).perform()
        self.page.until(lambda: self.page.text("#readout") != newest, "another value")
        price = self.page.text("#inputs [data-input=price] output")
        self.assertIn(f"BTC {price} USD", self.page.text("#readout"))

    # --- names, contrast, colours -----------------------------------------------------------------
    def test_everything_that_can_be_used_has_a_name_and_a_role(self):
        self.open()
        self.assertEqual(nameless(self.page), [])
        tree = set(tree_of(self.page))
        for wanted in (("banner", ""), ("main", ""), ("heading", "Declines"), ("region", "Who is under water"),
                       ("radiogroup", "Money"), ("radio", "sat"), ("radiogroup", "Range"), ("radio", "6m"),
                       ("button", "Zoom in"), ("button", "log"), ("button", "Your numbers"),
                       ("spinbutton", "J/TH"), ("spinbutton", "USD/MWh"), ("link", "Download as CSV"),
                       ("link", "Skip to the chart"), ("rowheader", "USD/MWh"), ("status", "")):
            self.assertIn(wanted, tree)
        names = [name for role, name in tree]
        self.assertTrue([name for role, name in tree if role == "image" and name.startswith("BTC price, USD: ")])
        self.assertTrue([name for name in names if name.startswith("2025-07-11 to 2025-11-22 critical")])
        # what is drawn is said: figures of every chart stand in text beside it
        self.assertIn("63.95 on 2025-07-11", self.page.text("#chart-text"))

    def test_every_text_can_be_read_in_light_and_dark(self):
        grounds = []
        for scheme in ("light", "dark"):
            self.page.colours(scheme)
            self.open()
            self.assertEqual(self.page.run(LOW_CONTRAST), [], scheme)
            grounds.append(self.page.run("return getComputedStyle(document.body).backgroundColor"))
        self.assertNotEqual(*grounds)

    def test_lines_and_bars_can_be_told_from_their_ground_and_from_each_other(self):
        self.open()
        for scheme in ("light", "dark"):
            self.page.colours(scheme)
            card = self.value_of("--card")
            for name in (*DRIVERS, "--accent", "--fleet"):  # WCAG 2.1, 1.4.11: 3 to 1
                self.assertGreaterEqual(colours.contrast(self.value_of(name), card), 3, (scheme, name))
            for kind in colours.BLIND:
                least = colours.least_difference(kind, [self.value_of(name) for name in DRIVERS])
                self.assertGreater(least, 4 * 2.3, (scheme, kind))

    def test_the_chart_follows_the_colours_of_the_system_without_a_reload(self):
        self.open("#range=1y")
        light = self.page.run("return document.querySelector('#chart canvas').toDataURL()")
        self.page.colours("dark")
        self.page.until(lambda: self.page.run("return document.querySelector('#chart canvas').toDataURL()") != light,
                        "a chart in dark")

    # --- keys, sizes, weight ----------------------------------------------------------------------
    def test_the_page_can_be_used_by_keys_alone(self):
        self.open()
        self.press(Keys.TAB)
        self.assertEqual(self.focused(), "skip")
        self.press(Keys.ENTER)
        self.assertEqual(self.focused(), "chart-panel")
        self.press(Keys.TAB)
        self.assertEqual(self.focused("data-value"), "6m")  # one stop a group, at what is chosen
        self.press(Keys.ARROW_RIGHT)
        self.page.settled()
        self.assertEqual((self.focused("data-value"), self.page.hash()), ("1y", "#range=1y"))
        stops = []
        for _ in range(40):
            self.press(Keys.TAB)
            stops.append(self.focused() or self.focused("data-id") or "")
            if stops[-1] == "sustained-decline-2025-07-11":
                break
        for stop in ("zoom-in", "log", "chart", "own-efficiency", "own-power", "sustained-decline-2025-07-11"):
            self.assertIn(stop, stops)
        ring = self.page.run("return getComputedStyle(document.activeElement).outlineStyle")
        self.assertEqual(ring, "solid")
        self.press(Keys.ENTER)
        self.page.settled()
        self.assertIn("episode=sustained-decline-2025-07-11", self.page.hash())

    def test_a_phone_scrolls_in_one_direction_only(self):
        for width in (390, 360):
            self.page.size(width, 740, phone=True)
            for view in ("", "#range=1y&den=btc&per=eh", "#episode=sustained-decline-2025-07-11"):
                self.open(view)
                self.assertLessEqual(self.page.run("return document.documentElement.scrollWidth"), width, view)

    def test_what_has_not_come_yet_is_said_to_be_loading(self):
        before = ("return ['#episodes .panel-body', '#chart', '#inputs .mini-chart'].map((place) =>"
                  " getComputedStyle(document.querySelector(place), '::before').content)")
        self.page.cdp("Network.enable")
        slow = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
        self.page.cdp("Network.emulateNetworkConditions", latency=500, **slow)
        try:
            self.page.driver.get("about:blank")
            self.page.driver.get(self.daemon.url)
            self.assertEqual(self.page.run(before), ['"Loading \u2026"'] * 3)
        finally:
            self.page.cdp("Network.emulateNetworkConditions", latency=0, **slow)
        self.page.settled()
        self.assertEqual(self.page.run(before), ["none"] * 3)

    def test_a_wall_shows_the_same_page_larger(self):
        self.page.size(1440, 900)
        self.open()
        desk = self.page.run("return parseFloat(getComputedStyle(document.querySelector('#figure')).fontSize)")
        self.page.size(3840, 2160)
        self.open()
        wall = self.page.run("return parseFloat(getComputedStyle(document.querySelector('#figure')).fontSize)")
        axis = self.page.run("return parseFloat(getComputedStyle(document.querySelector('.dygraph-axis-label')).fontSize)")
        self.assertGreater(wall, 1.8 * desk)
        self.assertGreaterEqual(axis, 22)
        self.assertLessEqual(self.page.run("return document.documentElement.scrollWidth"), 3840)

    def test_the_page_weighs_less_than_250_kb_in_all(self):
        self.page.cdp("Network.clearBrowserCache")
        self.open()
        over = self.page.run("return performance.getEntries().filter((e) => e.transferSize !== undefined"
                             " && !e.name.includes('/api/')).map((e) => [e.name, e.transferSize])")
        self.assertGreater(len(over), 20)
        weight = sum(size for _, size in over)
        self.assertGreater(weight, 37 * 1024, "dygraphs alone is more")
        self.assertLess(weight, 250 * 1024)

    def test_each_panel_leads_to_its_api_call_and_every_link_answers(self):
        self.open()
        for panel in ("chart-panel", "drivers", "inputs", "fleets", "episodes", "gaps", "sources"):
            links = self.page.run("return [...document.querySelectorAll(`#${arguments[0]} .links a`)]"
                                  ".map((a) => [a.innerText, a.href, a.download])", panel)
            self.assertIn("API call", [text for text, _, _ in links], panel)
            for text, address, file in links:
                with urllib.request.urlopen(address, timeout=20) as answer:
                    kind = answer.headers["Content-Type"]
                wanted = "text/csv" if "CSV" in text else "application/json"
                self.assertTrue(kind.startswith(wanted), (panel, text))
                self.assertEqual(file.endswith(".csv"), "CSV" in text)

    def test_a_time_tells_the_readers_own_on_hover(self):
        self.page.cdp("Emulation.setTimezoneOverride", timezoneId="America/Chicago")
        try:
            self.open()
            time = self.page.one("#age time")
            self.assertEqual(time.text, "2025-12-01 00:00 UTC")
            self.assertRegex(time.get_attribute("title"), r"Nov 30, 2025, 6:00.PM, your time")
        finally:
            self.page.cdp("Emulation.setTimezoneOverride", timezoneId="")

