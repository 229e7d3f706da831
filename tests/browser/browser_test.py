"""Everything that a browser can tell about the dashboard.

usage: browser_test.py HASHPRICE FAKE_UPSTREAM LIBFAKETIME
Chromium, its driver and selenium come from Debian: chromium, chromium-driver, python3-selenium.
"""
import sys
import unittest

import browser
from dashboard_test import Page  # pylint: disable=unused-import
from looks_test import Looks  # pylint: disable=unused-import
from other_daemons_test import OtherDaemons  # pylint: disable=unused-import

if __name__ == "__main__":
    browser.HASHPRICE, browser.FAKE_UPSTREAM, browser.FAKETIME = (sys.argv.pop(1) for _ in range(3))
    unittest.main()
