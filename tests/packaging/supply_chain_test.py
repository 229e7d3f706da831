#!/usr/bin/python3
"""What the project stands on: every package of `run` has its version and licence in
docs/dependencies.md, no other is there, and the versions are those that are installed here, as far
as a stable release of Debian keeps them.

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


def is_of(installed, kept):
    """Whether an installed version (epoch:upstream-revision) is of the one that the page gives."""
    upstream = re.sub(r"^\d+:", "", installed)
    return re.match(re.escape(kept) + r"(?!\d)", upstream) is not None


class SupplyChain(unittest.TestCase):
    def test_every_package_of_run_is_on_the_page_and_no_other(self):
        self.assertGreater(len(lists_of_run()), 30)
        self.assertEqual(sorted(lists_of_run()), sorted(page()))

    def test_every_one_has_a_licence(self):
        for name, (_, licence) in page().items():
            self.assertTrue(licence, name)

    def test_versions_are_given_as_far_as_a_stable_release_keeps_them(self):
        for name, (version, _) in page().items():
            self.assertRegex(version, r"^(\d+(\.\d+)?)?$", name)
        # dpkg-dev and openssl before and after point releases of Debian 12
        for installed in ("1.21.22", "1.21.23"):
            self.assertTrue(is_of(installed, "1.21"), installed)
        self.assertTrue(is_of("3.0.17-1~deb12u2", "3.0"))
        self.assertTrue(is_of("4:12.2.0-3", "12.2"))
        for installed in ("1.22.0", "1.210.1", "11.21.22"):
            self.assertFalse(is_of(installed, "1.21"), installed)

    def test_versions_are_those_of_this_distribution(self):
        seen = 0
        for name, (version, _) in page().items():
            asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], check=False,
                                   capture_output=True, text=True)
            if asked.returncode != 0 or not asked.stdout or not version:
                continue
            self.assertTrue(is_of(asked.stdout, version), f"{name}: {asked.stdout} is not {version}")
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
