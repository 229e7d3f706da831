#!/usr/bin/python3
"""The hardening of what is shipped: flags, the linked program, and no core dump with secrets in it.

    hardening_test.py SOURCE_FOLDER [build]

Without `build` the Release flags are read from a configuration made for the purpose; with it the
Release program is built (build/release, as ./run does) and read with readelf.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT, BUILD = pathlib.Path(sys.argv[1]), sys.argv[2:] == ["build"]
COMPILED = ["-fstack-protector-strong", "-fstack-clash-protection", "-D_FORTIFY_SOURCE=2",
            "-D_GLIBCXX_ASSERTIONS", "-O3"]
ROOMS = ("domain", "trend", "storage", "ingest", "config", "service")


def output(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


class Flags(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        output("cmake", "--preset", "release", "-B", cls.folder.name, cwd=ROOT)

    def test_every_file_is_compiled_with_every_flag(self):
        commands = json.loads(pathlib.Path(self.folder.name, "compile_commands.json").read_text())
        ours = [c for c in commands
                if c["file"].startswith(tuple(f"{ROOT.resolve()}/{room}/" for room in ROOMS))]
        self.assertGreater(len(ours), 150)
        for command in ours:
            words = command["command"].split()
            for flag in COMPILED:
                self.assertIn(flag, words, command["file"])
            self.assertTrue({"-fPIE", "-fPIC"} & set(words), command["file"])

    def test_the_program_is_linked_position_independent_and_bound_at_once(self):
        link = output("ninja", "-C", self.folder.name, "-t", "commands", "hashprice").splitlines()[-1]
        for flag in ("-pie", "-Wl,-z,relro,-z,now"):
            self.assertIn(flag, link.split())
        self.assertNotIn("rpath", link)


class CoreDumps(unittest.TestCase):
    def test_no_unit_and_no_container_leaves_one(self):
        """Secrets are in memory: a core would carry them to where others read."""
        for unit in ROOT.glob("packaging/systemd/*.service"):
            self.assertIn("LimitCORE=0", unit.read_text().splitlines(), unit.name)
        self.assertIn("core: 0", (ROOT / "docker/compose.yaml").read_text())


@unittest.skipUnless(BUILD, "the Release program is read in the long form")
class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        output("cmake", "--preset", "release", cwd=ROOT)
        output("cmake", "--build", "--preset", "release", "--target", "hashprice", cwd=ROOT)
        cls.program = str(ROOT / "build/release/service/hashprice")

    def read(self, *what):
        return output("readelf", "-W", *what, self.program)

    def test_is_position_independent_with_a_table_that_is_read_only_once_bound(self):
        self.assertRegex(self.read("-h"), r"Type: +DYN")
        segments, dynamic = self.read("-l"), self.read("-d")
        self.assertIn("GNU_RELRO", segments)
        self.assertRegex(segments, r"GNU_STACK .* RW +0x")
        self.assertNotRegex(segments, r" RWE? *E ", "no segment is writable and executable")
        self.assertRegex(dynamic, r"FLAGS_1.*NOW.*PIE")
        self.assertNotRegex(dynamic, r"RPATH|RUNPATH|TEXTREL")

    def test_has_guarded_stacks_checked_copies_and_asserted_containers(self):
        symbols = self.read("--dyn-syms")
        for name in (r"__stack_chk_fail", r"__\w+_chk@GLIBC", r"__glibcxx_assert_fail"):
            self.assertRegex(symbols, name)

    def test_needs_only_what_the_page_of_dependencies_names(self):
        needed = {line.split("[")[1].split(".so")[0]
                  for line in self.read("-d").splitlines() if "NEEDED" in line}
        known = {"libcurl", "libsimdjson", "libsqlite3", "libspdlog", "libfmt", "libtomlplusplus",
                 "libmicrohttpd", "libsystemd", "libcrypto", "libz", "libdate-tz", "libstdc++",
                 "libgcc_s", "libc", "libm", "ld-linux-x86-64"}
        self.assertLessEqual(needed, known)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
