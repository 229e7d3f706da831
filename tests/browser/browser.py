"""The real daemon, and Chromium looking at it."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

HASHPRICE = FAKE_UPSTREAM = FAKETIME = None  # paths, set by browser_test.py
PATIENCE_S = 30
SWITCHES = """--headless=new --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage
    --no-first-run --no-default-browser-check --disable-background-networking --disable-sync
    --disable-component-update --disable-default-apps --disable-extensions --hide-scrollbars
    --host-resolver-rules=MAP&*&~NOTFOUND&,&EXCLUDE&127.0.0.1"""
WATCH = """
    window.violations = [];
    addEventListener('securitypolicyviolation',
                     (e) => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));
"""


class Daemon:
    """`hashprice serve --no-poll` over a database of its own, which holds the starter history.

    prepare(path) changes the database before; `polls_from` lets it poll, and think it is that time.
    """

    def __init__(self, config="", prepare=None, polls_from=None):
        self.home = tempfile.mkdtemp()
        self.options = [] if polls_from else ["--no-poll"]
        self.environment = {"HOME": self.home, "XDG_STATE_HOME": self.home,
                            "XDG_CONFIG_HOME": self.home, "PATH": "/usr/bin:/bin"}
        if polls_from:
            self.environment.update(LD_PRELOAD=FAKETIME, FAKETIME="@" + polls_from, TZ="UTC",
                                    FAKETIME_DONT_FAKE_MONOTONIC="1")
        self.config = os.path.join(self.home, "hashprice.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(config)
        if prepare:
            subprocess.run([HASHPRICE, "--config", self.config, "latest"], env=self.environment,
                           capture_output=True, check=False)
            prepare(os.path.join(self.home, "hashprice", "hashprice.db"))
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [HASHPRICE, "--config", self.config, "serve", *self.options, "--listen",
             f"127.0.0.1:{self.port}"], stderr=subprocess.PIPE, text=True, env=self.environment)
        for line in self.process.stderr:
            found = re.search(r" serves (http://[0-9.]+:(\d+))", line)
            if found:
                self.url, self.port = found[1], int(found[2])
                return
        raise AssertionError("hashprice does not serve")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stderr.close()
        return self.process.wait(20)

    def end(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def get(self, path):
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=20) as answer:
            return json.load(answer)


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp()
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for switch in SWITCHES.split():
            options.add_argument(switch.replace("&", " "))
        options.add_argument(f"--user-data-dir={self.profile}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(PATIENCE_S)
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.size(1280, 900)

    def end(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def size(self, width, height, phone=False):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=phone)

    def colours(self, scheme):
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url):
        """As a new visitor would: a changed hash alone would not load the page anew."""
        self.driver.get("about:blank")
        self.driver.get(url)
        self.settled()

    def reload(self):
        self.driver.refresh()
        self.settled()

    def until(self, claim, what):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = claim()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"never came: {what}")

    def settled(self):
        """Everything that the page loads has been shown."""
        self.until(lambda: self.run(
            "return document.readyState === 'complete' && !document.querySelector('[aria-busy=true]')"
            " && document.querySelector('#age').textContent.trim() !== ''"
            " && document.querySelector('#episodes .panel-body').childElementCount > 0"
            " && document.querySelector('#chart-panel .links').childElementCount > 0"
            " && document.querySelector('#live').dataset.state !== undefined"), "a page at rest")

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def hash(self):
        return self.run("return location.hash")

    def click(self, selector):
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.one(selector).click()

    def requested(self):
        """Every address asked for since the last call."""
        messages = [json.loads(row["message"])["message"] for row in self.driver.get_log("performance")]
        return [m["params"]["request"]["url"] for m in messages
                if m["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the console says above the level of a hint, since the last call."""
        return [row["message"] for row in self.driver.get_log("browser")
                if row["level"] in ("SEVERE", "WARNING")]
