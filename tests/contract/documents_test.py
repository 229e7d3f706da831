"""Runs every command of the documents, as a reader would, against the starter history.

usage: documents_test.py HASHPRICE

A page's `sh` blocks are run in order, each command to its end; what a `console` block shows must be
what is printed ("..." stands for any lines); a `toml` block must be good settings, and the page's
commands run with them. A block that is not run says why, in a comment on the line above it:
<!-- not run: it takes a machine with systemd; tests/packaging/in_systemd.sh does it -->
"""
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import api_contract
from api_contract import SOURCES, Daemon

PAGES = sorted([*pathlib.Path(SOURCES).glob("*.md"), *pathlib.Path(SOURCES, "docs").glob("*.md")])
BLOCK = re.compile(r"^(?:<!-- not run: (?P<why>.*) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)^```$",
                   re.M | re.S)
COMMAND = re.compile(r"(\$ |sudo )?(hashprice|curl|sqlite3|\./run|docker|systemctl) ")
KINDS = {"", "sh", "console", "toml", "json", "python", "yaml"}
FILES = {  # docs/import.md: one of each kind
    "blocks.csv": "height,time_s,bits_hex,fee_sat,hash\n902581,1750809838,17023a04,4132227,\n",
    "closes.csv": "date,close_usd\n2024-12-30,92643.21\n",
    "candles.csv": "start_time_s,close_usd\n1763251200,95500.10\n",
    "epochs.csv": "start_height,start_time_s,bits_hex\n0,1231006505,1d00ffff\n",
    "fees.csv": "end_time_s,fee_sat_sum,blocks,tip_height\n1735603200,635194944,144,877110\n",
}


class Block:
    def __init__(self, page, found):
        self.page, self.kind, self.text, self.why = page, found["kind"], found["text"], found["why"]
        self.line = page.read_text(encoding="utf-8")[:found.start()].count("\n") + 1

    def place(self):
        return f"{self.page.name}:{self.line}"


def blocks():
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            yield Block(page, found)


def is_whole(text):
    return subprocess.run(["bash", "-n", "-c", text], capture_output=True,
                          check=False).returncode == 0 and not text.endswith("\\")


def commands(text):
    """The commands of a shell text, each whole: continued lines and open quotes belong together."""
    command = ""
    for line in text.splitlines():
        command = f"{command}\n{line}" if command else line
        if not is_whole(command):
            continue
        if not command.lstrip().startswith("#"):
            yield command
        command = ""


def shown(text):
    """(command, lines it shows) of a console block."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, *lines = part.splitlines()
        yield command, lines


def as_pattern(lines):
    return "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines)


class Reader:
    """Somebody who does what one page says: a folder with files to import, a daemon that serves."""

    def __init__(self, settings):
        self.daemon = Daemon()
        home = pathlib.Path(self.daemon.home.name)
        self.folder = tempfile.TemporaryDirectory()
        for name, text in FILES.items():
            pathlib.Path(self.folder.name, name).write_text(text, encoding="ascii")
        with gzip.open(os.path.join(self.folder.name, "blocks.csv.gz"), "wt") as file:
            file.write(FILES["blocks.csv"])
        (home / ".local").mkdir()
        (home / ".local/state").symlink_to(home)
        (home / "page.toml").write_text(settings, encoding="utf-8")
        self.environment = {
            "HOME": str(home), "HASHPRICE_CONFIG": str(home / "page.toml"),
            "PATH": os.path.dirname(api_contract.BINARY) + ":/usr/bin:/bin",
            "HASHPRICE_DATABASE_PATH": str(home / "hashprice" / "hashprice.db"),
        }

    def run(self, command):
        command = command.replace("127.0.0.1:8480", self.daemon.address)
        return subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=self.folder.name,
                              env=self.environment, capture_output=True, text=True, timeout=60,
                              check=False)

    def close(self):
        self.folder.cleanup()
        return self.daemon.stop()


class Documents(unittest.TestCase):
    def test_a_block_is_run_or_says_why_not(self):
        kinds = set()
        for block in blocks():
            with self.subTest(block.place()):
                self.assertIn(block.kind, KINDS)
                kinds.add(block.kind)
                if block.why is not None:
                    self.assertGreater(len(block.why), 10, "a reason that tells nothing")
                elif block.kind == "":
                    for line in block.text.splitlines():
                        self.assertIsNone(COMMAND.match(line), f"commands are sh or console: {line}")
        self.assertEqual(kinds, KINDS)

    def test_commands_named_in_a_sentence_are_there(self):
        done = subprocess.run([api_contract.BINARY, "--help"], capture_output=True, text=True,
                              check=True)
        known = set(re.findall(r"^  ([a-z]+)  ", done.stdout, re.M))
        self.assertIn("latest", known)
        for page in PAGES:
            named = re.findall(r"`hashprice ([a-z]+)\b", page.read_text(encoding="utf-8"))
            self.assertEqual(set(named) - known, set(), page.name)

    def test_the_readme_leads_to_every_page(self):
        readme = pathlib.Path(SOURCES, "README.md").read_text(encoding="utf-8")
        for page in pathlib.Path(SOURCES, "docs").glob("*.md"):
            self.assertIn(f"](docs/{page.name})", readme)

    def test_settings_are_good(self):
        for block in blocks():
            if block.kind != "toml" or block.why:
                continue
            with self.subTest(block.place()), tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
                file.write(block.text)
                file.flush()
                done = subprocess.run([api_contract.BINARY, "--config", file.name, "config", "check"],
                                      capture_output=True, text=True, check=False,
                                      env={"HOME": "/nonexistent"})
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_command_works(self):
        run = 0
        for page in PAGES:
            here = [block for block in blocks() if block.page == page and block.why is None]
            todo = [block for block in here if block.kind in ("sh", "console")]
            if not todo:
                continue
            reader = Reader("\n".join(block.text for block in here if block.kind == "toml"))
            for block in todo:
                for command, lines in (shown(block.text) if block.kind == "console" else
                                       ((command, None) for command in commands(block.text))):
                    run += 1
                    with self.subTest(block.place(), command=command):
                        self.hold(reader, command, lines)
            self.assertEqual(reader.close(), 0)
        self.assertGreater(run, 35)

    def hold(self, reader, command, lines):
        done = reader.run(command)
        self.assertEqual(done.returncode, 0, done.stderr)
        written = re.search(r"> (\S+)$", command)
        if written:
            self.assertGreater(os.path.getsize(os.path.join(reader.folder.name, written[1])), 0)
        else:
            self.assertTrue(done.stdout + done.stderr)
        if lines:
            self.assertRegex(done.stdout, f"\\A{as_pattern(lines)}\\Z")

    def test_the_formula_for_sheets_asks_for_what_there_is(self):
        daemon = Daemon()
        self.addCleanup(daemon.stop)
        with open(os.path.join(SOURCES, "docs/dashboards.md"), encoding="utf-8") as file:
            (path,) = re.findall(r'=IMPORTDATA\("https://HOST(/[^"]+)"\)', file.read())
        # 90 days back from today hold nothing of the starter history: the same, with its own dates
        for target in (path, path.replace("from=-90d", "from=2025-07-01&to=2025-12-01")):
            status, media_type, body = daemon.get(target)
            self.assertEqual((status, media_type), (200, "text/csv; charset=utf-8"))
            head, *rows = body.decode().splitlines()
            self.assertEqual(head, "time,time_s,mean")
            self.assertEqual({row.count(",") for row in rows}, {2})
        self.assertEqual(len(rows), 153)
        self.assertTrue(all(float(row.split(",")[2]) > 30 for row in rows if row.split(",")[2]))

    def test_the_grafana_dashboard_asks_for_what_there_is(self):
        daemon = Daemon()
        self.addCleanup(daemon.stop)
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
                status, _, body = daemon.get(f"{target['url']}?{query}")
                self.assertEqual(status, 200, panel["title"])
                rows = json.loads(body)
                for column in target["columns"]:
                    self.assertIn(column["selector"], rows[0])


if __name__ == "__main__":
    api_contract.BINARY = sys.argv.pop(1)
    unittest.main()
