#!/usr/bin/python3
"""What the project stands on: every package of `run` has its version and licence in
docs/dependencies.md, no other is there, and the versions are those that are installed here.

    supply_chain_test.py SOURCE_FOLDER
"""
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1])
FOREIGN = re.compile(r"\b(FetchContent|ExternalProject_Add|file\s*\(\s*DOWNLOAD|git\s+clone|pip\s+install|"
                     r"npm\s+(install|ci)|CPMAddPackage)\b")


def lists_of_run():
    text = (ROOT / "run").read_text()
    return {name for names in re.findall(r"^\w+_packages=\(([^)]*)\)", text, re.MULTILINE)
            for name in names.split()}


def page():
    """Package to (version, licence)."""
    rows = {}
    for line in (ROOT / "docs/dependencies.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([^`]+)`", cells[0]) if line.startswith("| `") else []:
            rows[name] = (cells[1], cells[2])
    return rows


class SupplyChain(unittest.TestCase):
    def test_every_package_of_run_is_on_the_page_and_no_other(self):
        self.assertGreater(len(lists_of_run()), 30)
        self.assertEqual(sorted(lists_of_run()), sorted(page()))

    def test_every_one_has_a_licence(self):
        for name, (_, licence) in page().items():
            self.assertTrue(licence, name)

    def test_versions_are_those_of_this_distribution(self):
        seen = 0
        for name, (version, _) in page().items():
            asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], check=False,
                                   capture_output=True, text=True)
            moving = name.startswith(("chromium", "ca-certificates"))  # new ones come often
            if asked.returncode != 0 or not asked.stdout or moving:
                continue
            upstream = re.sub(r"^\d+:", "", asked.stdout)
            self.assertTrue(upstream.startswith(version), f"{name}: {upstream} is not {version}")
            seen += 1
        self.assertGreater(seen, 15)

    def test_nothing_is_downloaded_by_the_build(self):
        for path in [ROOT / "run", *ROOT.glob("**/CMakeLists.txt"), *ROOT.glob("cmake/*.cmake")]:
            if "build" in path.relative_to(ROOT).parts:
                continue
            found = FOREIGN.search(path.read_text())
            self.assertIsNone(found, f"{path}: {found and found.group()}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
