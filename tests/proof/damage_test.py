#!/usr/bin/python3
"""A database that something happened to: it is whole, or refused with words, never silently wrong.

    damage_test.py HASHPRICE FAKE_UPSTREAM [PLACES]

A history of two months is damaged at PLACES places (150 when left out; 2,000 in the long campaign of
docs/testing.md), one at a time: a bit turned, a page lost, the end cut off. Then `hashprice check`
must notice, or every figure that is derived must be as before.
"""
import os
import pathlib
import random
import subprocess
import sys
import threading
import unittest

from house import NOW, Daemon, House, Upstream

BINARY, UPSTREAM = sys.argv[1:3]
PLACES = int(sys.argv[3]) if len(sys.argv) > 3 else 150
RANGE = ("--from", "2025-10-01", "--to", "2025-12-01")
SIGNALS = (-11, -6, -7, -8)  # what no input may cause


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream(UPSTREAM)
        cls.house = House(BINARY, cls.upstream)
        done = cls.house.run("backfill", *RANGE)
        assert done.returncode in (0, 3), done.stderr
        cls.house.run("backup", str(cls.house.dir / "whole"))
        whole = bytearray((cls.house.dir / "whole").read_bytes())
        whole[18:20] = b"\2\2"  # "uses a write-ahead log", which a backup does not
        cls.whole = bytes(whole)
        cls.right = cls.house.content()
        assert len(cls.right[0]) > 1000

    @classmethod
    def tearDownClass(cls):
        cls.upstream.stop()
        cls.house.temp.cleanup()

    def put(self, content):
        for name in ("h.db-wal", "h.db-shm"):
            (self.house.dir / name).unlink(missing_ok=True)
        self.house.database.write_bytes(content)

    def judge(self, what):
        """Whether `check` noticed; every figure is as it was when it did not."""
        check = self.house.run("check")
        self.assertNotIn(check.returncode, SIGNALS, what)
        if check.returncode == 0:
            self.assertEqual(self.house.content(), self.right, f"{what}: silently wrong")
            return False
        self.assertEqual(check.returncode, 1, f"{what}: {check.stderr}")
        self.assertRegex(check.stderr, r"^hashprice: .*h\.db", what)
        for arguments in (("latest",), ("trend",), ("query", "--from", "2025-11-01")):
            asked = self.house.run(*arguments)
            self.assertIn(asked.returncode, (0, 1), f"{what}: {asked.stderr}")
            self.assertTrue(asked.returncode == 0 or asked.stderr.startswith("hashprice: "), what)
        return True

    def test_a_turned_bit_is_noticed_or_changes_no_figure(self):
        chance, noticed = random.Random(20251115), 0
        for n in range(PLACES):
            at, bit = chance.randrange(len(self.whole)), chance.randrange(8)
            hurt = bytearray(self.whole)
            hurt[at] ^= 1 << bit
            self.put(hurt)
            noticed += self.judge(f"bit {bit} of byte {at}")
        print(f"{noticed} of {PLACES} turned bits noticed, the others change no figure",
              file=sys.stderr)
        self.assertGreater(noticed, PLACES // 10)

    def test_a_lost_page_is_noticed_or_changes_no_figure(self):
        chance, page = random.Random(7), 4096
        for n in range(PLACES // 5):
            hurt = bytearray(self.whole)
            at = chance.randrange(len(hurt) // page) * page
            other = chance.randrange(len(hurt) // page) * page
            hurt[at:at + page] = bytes(page) if n % 2 else hurt[other:other + page]
            self.put(hurt)
            self.judge(f"page at {at}")

    def test_a_cut_file_is_noticed(self):
        chance = random.Random(11)
        for size in [1, 15, 16, 99, 100, 4095] + [chance.randrange(4096, len(self.whole) - 1)
                                                  for _ in range(PLACES // 5)]:
            self.put(self.whole[:size])
            self.assertTrue(self.judge(f"cut after {size} bytes"), f"cut after {size} bytes")

    def test_other_files_are_refused_and_left_alone(self):
        for content in (b"not a database at all\n" * 500, b"\x7fELF" + bytes(8000)):
            self.put(content)
            for arguments in (("check",), ("import", "-"), ("recompute", "--from", "-1d"), ("serve",)):
                done = self.house.run(*arguments)
                self.assertIn(done.returncode, (1, 2), arguments)
                self.assertIn("h.db", done.stderr)
            self.assertEqual(self.house.database.read_bytes(), content)

    def test_without_its_write_ahead_log_the_file_is_an_older_state_but_a_whole_one(self):
        self.put(self.whole)
        daemon = Daemon(self.house, "--no-poll")  # holds the log open
        done = subprocess.run(self.house.arguments("import", "-", "--source", "mine"), text=True,
                              input="time_s,price_usd\n1763208000,95000\n", capture_output=True,
                              env=self.house.environment, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        daemon.process.kill()
        daemon.process.wait()
        log = self.house.dir / "h.db-wal"
        self.assertTrue(log.exists() and log.stat().st_size > 0)
        for keep in (log.stat().st_size // 2, 0, None):  # half of it, nothing of it, no file
            if keep is None:
                log.unlink(missing_ok=True)
            else:
                os.truncate(log, keep)
            (self.house.dir / "h.db-shm").unlink(missing_ok=True)
            check = self.house.run("check")
            self.assertEqual(check.returncode, 0, check.stderr)
        self.assertEqual(self.house.content(), self.right)

    def test_a_database_that_another_program_locks_is_waited_for_and_then_refused(self):
        self.put(self.whole)
        import sqlite3
        other = sqlite3.connect(self.house.database, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(2, other.rollback)
        release.start()
        done = self.house.run("recompute", "--from", "2025-11-01")  # waits its turn
        self.assertEqual(done.returncode, 0, done.stderr)
        release.join()
        other.execute("BEGIN IMMEDIATE")
        done = self.house.run("recompute", "--from", "2025-11-01")
        self.assertEqual(done.returncode, 1)
        self.assertIn("another program is writing", done.stderr)
        self.assertEqual(self.house.run("latest").returncode, 0)  # readers never wait
        other.rollback()
        other.close()
        self.assertFalse(self.judge("a lock that was given back"))


class Disk(unittest.TestCase):
    """A small disk of its own, where that may be mounted."""

    def mount(self, mega):
        self.upstream = Upstream(UPSTREAM)
        self.addCleanup(self.upstream.stop)
        keeper = House(BINARY, self.upstream)
        self.addCleanup(keeper.temp.cleanup)
        disk = pathlib.Path(keeper.temp.name, "disk")
        disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={int(mega * 2**20)}", "tmpfs",
                               str(disk)], check=False, capture_output=True)
        if done.returncode != 0:
            self.skipTest("no right to mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=False)
        self.disk = disk
        house = House(BINARY, self.upstream, "[database]\nmin_free_mb = 0\n", folder=disk)
        self.addCleanup(house.temp.cleanup)
        return house

    def test_a_disk_that_is_full_at_any_stage_keeps_what_was_whole(self):
        """Without the reserve of database.min_free_mb, so that SQLite itself meets the end."""
        stopped = 0
        for mega in (0.1, 0.3, 0.5, 0.8, 1.2, 2, 3, 5, 8, 40):
            house = self.mount(mega)
            done = house.run("backfill", *RANGE)
            self.assertIn(done.returncode, (0, 1, 3), done.stderr)
            if done.returncode == 1:
                stopped += 1
                self.assertRegex(done.stderr, "full|disk|space", mega)
            if house.database.exists() and house.database.stat().st_size:
                self.assertEqual(subprocess.run(
                    ["mount", "-o", "remount,size=100M", str(self.disk)], check=False).returncode, 0)
                again = house.run("backfill", *RANGE)  # with room it goes on to the same end
                self.assertIn(again.returncode, (0, 3), again.stderr)
                check = house.run("check")
                self.assertEqual(check.returncode, 0, f"{mega} MB: {check.stderr}")
        self.assertGreater(stopped, 2)

    def test_a_disk_that_turned_read_only_is_refused_with_words_and_loses_nothing(self):
        house = self.mount(60)
        self.assertIn(house.run("backfill", *RANGE).returncode, (0, 3))
        right = house.content()
        subprocess.run(["mount", "-o", "remount,ro", str(self.disk)], check=True)
        for arguments in (("retract", "--source", "kraken", "--from", "2025-11-01"),
                          ("backfill", *RANGE, "--force")):
            done = house.run(*arguments)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertRegex(done.stderr, "readonly|read-only|rights|Read-only", arguments)
        asked = house.run("latest")  # what can be answered is
        self.assertIn(asked.returncode, (0, 1), asked.stderr)
        self.assertTrue(asked.returncode == 0 or "rights" in asked.stderr, asked.stderr)
        subprocess.run(["mount", "-o", "remount,rw", str(self.disk)], check=True)
        self.assertEqual(house.content(), right)
        self.assertEqual(house.run("check").returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
