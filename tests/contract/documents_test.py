"""Runs every `sh` block of the documents named here, as a reader would, against the starter history.

usage: documents_test.py HASHPRICE
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import api_contract
from api_contract import SOURCES, Daemon

PAGES = ["docs/dashboards.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()

    @classmethod
    def tearDownClass(cls):
        assert cls.daemon.stop() == 0

    def blocks(self):
        for name in PAGES:
            with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
                found = BLOCK.findall(file.read())
            self.assertTrue(found, name)
            for block in found:
                yield name, block

    def test_every_command_of_the_documents_works(self):
        home = self.daemon.home.name
        environment = {
            "HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home,
            "PATH": os.path.dirname(api_contract.BINARY) + ":/usr/bin:/bin",
            "HASHPRICE_DATABASE_PATH": os.path.join(home, "hashprice", "hashprice.db"),
        }
        with tempfile.TemporaryDirectory() as here:
            for name, block in self.blocks():
                for line in block.replace("127.0.0.1:8480", self.daemon.address).splitlines():
                    with self.subTest(name, line=line):
                        done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=here,
                                              env=environment, capture_output=True, text=True,
                                              timeout=60, check=False)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        written = re.search(r"> (\S+)$", line)
                        if written:
                            self.assertGreater(os.path.getsize(os.path.join(here, written[1])), 0)
                        else:
                            self.assertTrue(done.stdout)

    def test_the_grafana_dashboard_asks_for_what_there_is(self):
        with open(os.path.join(SOURCES, "docker/grafana/dashboards/hashprice.json"),
                  encoding="utf-8") as file:
            dashboard = json.load(file)
        ids = [panel["id"] for panel in dashboard["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        with open(os.path.join(SOURCES, "docs/dashboards.md"), encoding="utf-8") as file:
            documented = set(re.findall(r"\bhashprice_[a-z_]+", file.read()))
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                if "expr" in target:
                    names = set(re.findall(r"\bhashprice_[a-z_]+", target["expr"]))
                    self.assertTrue(names, panel["title"])
                    self.assertLessEqual(names, documented, panel["title"])
                    continue
                query = "&".join(f"{p['key']}={p['value']}" for p in target["url_options"]["params"])
                query = query.replace("${__from:date:seconds}", "1751328000")
                query = query.replace("${__to:date:seconds}", "1764547200")
                status, _, body = self.daemon.get(f"{target['url']}?{query}")
                self.assertEqual(status, 200, panel["title"])
                rows = json.loads(body)
                for column in target["columns"]:
                    self.assertIn(column["selector"], rows[0])


if __name__ == "__main__":
    api_contract.BINARY = sys.argv.pop(1)
    unittest.main()
