#!/usr/bin/python3
"""The systemd units: nothing systemd would complain about, and as hardened as we say.

    units_test.py PACKAGING_FOLDER BINARY
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

PACKAGING, BINARY = pathlib.Path(sys.argv[1]), sys.argv[2]
UNITS = sorted((PACKAGING / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
MOST_EXPOSED = 20  # in tenths, of 100


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True,
                          check=False)


def settings(unit):
    """Every "Key=value" line, in order."""
    return [line for line in unit.read_text().splitlines() if "=" in line and line[0] != "#"]


class Units(unittest.TestCase):
    def test_verify_is_silent(self):
        with tempfile.TemporaryDirectory() as folder:
            copies = []
            for unit in UNITS:
                text = unit.read_text().replace("/usr/bin/hashprice", BINARY)
                text = text.replace("/usr/lib/hashprice", str(PACKAGING))
                copies.append(pathlib.Path(folder, unit.name))
                copies[-1].write_text(text)
            done = analyze("verify", "--man=no", *map(str, copies))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_verify_would_complain(self):
        """systemd only warns of keys that it does not know, with status 0."""
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder, "x.service")
            unit.write_text("[Service]\nExecStart=/bin/true\nProtectSytsem=strict\n")
            self.assertIn("ProtectSytsem", analyze("verify", "--man=no", str(unit)).stderr)

    def test_services_are_hardened(self):
        self.assertEqual(len(SERVICES), 3)
        for unit in SERVICES:
            done = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit))
            self.assertEqual(done.returncode, 0, done.stdout[-300:] + done.stderr)

    def test_all_services_are_confined_alike(self):
        def confinement(unit):
            lines = settings(unit)
            return lines[lines.index("CapabilityBoundingSet="):
                         lines.index("SystemCallErrorNumber=EPERM") + 1]
        for unit in SERVICES:
            self.assertEqual(confinement(unit), confinement(SERVICES[0]), unit.name)

    def test_timers_have_their_service(self):
        for timer in (unit for unit in UNITS if unit.suffix == ".timer"):
            self.assertTrue(timer.with_suffix(".service").exists(), timer.name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
