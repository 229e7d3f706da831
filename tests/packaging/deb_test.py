#!/usr/bin/python3
"""The Debian package as it is built: what is in it, what it demands, what its scripts are.

    deb_test.py BINARY BUILD_FOLDER

Installing, upgrading and purging it need a machine of their own: in_systemd.sh does it there.
"""
import gzip
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BINARY, BUILD = sys.argv[1], pathlib.Path(sys.argv[2])


def output(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, **more).stdout


class Deb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        output("cpack", "-G", "DEB", "--config", str(BUILD / "CPackConfig.cmake"), "-B",
               cls.folder.name)
        cls.deb, = map(str, pathlib.Path(cls.folder.name).glob("hashprice_*_*.deb"))
        cls.root = pathlib.Path(cls.folder.name, "root")
        output("dpkg-deb", "--raw-extract", cls.deb, str(cls.root))

    def text(self, path):
        return (self.root / path).read_text()

    def field(self, name):
        return output("dpkg-deb", "--field", self.deb, name, text=True).strip()

    def test_holds_what_an_administrator_expects(self):
        for path, mode in {
            "usr/bin/hashprice": 0o755,
            "usr/lib/hashprice/rotate-backups": 0o755,
            "usr/lib/systemd/system/hashprice.service": 0o644,
            "usr/lib/systemd/system/hashprice-backfill.service": 0o644,
            "usr/lib/systemd/system/hashprice-backfill.timer": 0o644,
            "usr/lib/systemd/system/hashprice-backup.service": 0o644,
            "usr/lib/systemd/system/hashprice-backup.timer": 0o644,
            "usr/share/doc/hashprice/copyright": 0o644,
            "etc/hashprice/hashprice.toml": 0o644,
        }.items():
            with self.subTest(path):
                self.assertEqual((self.root / path).stat().st_mode & 0o7777, mode)

    def test_nothing_belongs_to_anybody_but_root(self):
        for line in output("dpkg-deb", "--contents", self.deb, text=True).splitlines():
            self.assertEqual(line.split()[1], "root/root", line)

    def test_manual_and_completions_are_those_of_the_binary(self):
        manual = gzip.decompress((self.root / "usr/share/man/man1/hashprice.1.gz").read_bytes())
        self.assertEqual(manual, output(BINARY, "man"))
        for shell, path in {"bash": "bash-completion/completions/hashprice",
                            "zsh": "zsh/vendor-completions/_hashprice",
                            "fish": "fish/vendor_completions.d/hashprice.fish"}.items():
            self.assertEqual((self.root / "usr/share" / path).read_bytes(),
                             output(BINARY, "completion", shell))

    def test_settings_are_the_example_with_the_place_of_the_database(self):
        self.assertEqual(self.text("DEBIAN/conffiles"), "/etc/hashprice/hashprice.toml\n")
        source = pathlib.Path(__file__).parents[2] / "config/hashprice.example.toml"
        example = source.read_text().splitlines()
        shipped = self.text("etc/hashprice/hashprice.toml").splitlines()
        different = [new for old, new in zip(example, shipped, strict=True) if old != new]
        self.assertEqual(different, ['path = "/var/lib/hashprice/hashprice.db"'])
        environment = dict(os.environ, HASHPRICE_DATABASE_PATH="/tmp/x.db")
        output(BINARY, "--config", str(self.root / "etc/hashprice/hashprice.toml"), "config",
               "check", env=environment)

    def test_demands_the_libraries_it_links(self):
        demanded = {part.split()[0] for part in self.field("Depends").split(",")}
        self.assertLessEqual({"adduser", "ca-certificates", "libcurl4", "libsqlite3-0",
                              "libmicrohttpd12", "libsystemd0", "libc6"}, demanded)

    def test_version_is_the_programs(self):
        version = output(BINARY, "--version", text=True).split()[1]
        self.assertEqual(self.field("Version"), version)

    def test_scripts_are_good_shell_and_stop_at_errors(self):
        for name in ("postinst", "prerm", "postrm"):
            with self.subTest(name):
                script = self.root / "DEBIAN" / name
                output("sh", "-n", str(script))
                self.assertEqual(script.stat().st_mode & 0o777, 0o755)
                self.assertIn("\nset -e\n", script.read_text())

    def test_every_unit_that_is_enabled_is_shipped_and_purged(self):
        postinst, postrm = self.text("DEBIAN/postinst"), self.text("DEBIAN/postrm")
        for unit in ("hashprice.service", "hashprice-backfill.timer", "hashprice-backup.timer"):
            self.assertTrue((self.root / "usr/lib/systemd/system" / unit).exists())
            self.assertIn(unit, postinst)
            self.assertIn(unit, postrm)

    def test_binary_is_stripped_and_hardened(self):
        path = str(self.root / "usr/bin/hashprice")
        self.assertNotIn(".debug_info", output("readelf", "-SW", path, text=True))
        self.assertIn("DYN (Position-Independent Executable", output("readelf", "-h", path, text=True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
