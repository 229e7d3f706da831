#!/usr/bin/python3
"""tools/make_starter.py: what it writes from small files, and what it refuses to write."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True
import make_starter  # noqa: E402

# The first two epochs of the chain; two days of January 2025.
EPOCHS = "start_height,start_time_s,bits_hex\n0,1231006505,1d00ffff\n2016,1233063531,1d00ffff\n"
DAYS = ("date,close_usd,fee_sat_sum_144,tip_height\n"
        "2025-01-01,94392.515,495128405,877398\n2025-01-02,96900.96,,\n")


class MakeStarter(unittest.TestCase):
    def run_on(self, epochs=EPOCHS, days=DAYS):
        """Exit status, message, and the files written, by name."""
        with tempfile.TemporaryDirectory() as folder:
            base = pathlib.Path(folder)
            out = base / "out"
            out.mkdir()
            for name, text in (("e.csv", epochs), ("d.csv", days)):
                (base / name).write_text(text, encoding="utf-8")
            message = io.StringIO()
            with contextlib.redirect_stderr(message), contextlib.redirect_stdout(io.StringIO()):
                status = make_starter.main([str(base / "e.csv"), str(base / "d.csv"), str(out)])
            written = {f.name: f.read_text(encoding="utf-8") for f in out.iterdir()}
        return status, message.getvalue(), written

    def refused(self, *words, **files):
        status, message, written = self.run_on(**files)
        self.assertEqual((status, written), (1, {}))
        for word in words:
            self.assertIn(word, message)

    def test_prices_are_exact_and_unknown_fees_stay_unknown(self):
        status, _, written = self.run_on()
        self.assertEqual(status, 0)
        self.assertIn("{1231006505, 0x1d00ffff}, {1233063531, 0x1d00ffff},", written["epochs.inc"])
        self.assertIn("{20089, 94392515000, {{495128405, 877398}}}, {20090, 96900960000, {}},",
                      written["days.inc"])

    def test_a_hole_between_epochs_is_refused(self):
        self.refused("e.csv:3", "start_height 2016", epochs=EPOCHS.replace("\n2016", "\n4032"))

    def test_epochs_out_of_time_are_refused(self):
        self.refused("e.csv:3", "start_time_s", epochs=EPOCHS.replace("1233063531", "1231006505"))

    def test_less_than_a_micro_dollar_is_refused(self):
        self.refused("d.csv:3", "close_usd", days=DAYS.replace("96900.96", "96900.9600001"))

    def test_what_is_no_price_is_refused(self):
        for bad in ("", "-1", "0", "nan", "inf", "1e9999", "1e-9999"):
            with self.subTest(bad):
                self.refused("d.csv:3", "close_usd", days=DAYS.replace("96900.96", bad))

    def test_a_day_twice_or_out_of_order_is_refused(self):
        self.refused("d.csv:3", "date", days=DAYS.replace("2025-01-02", "2025-01-01"))
        self.refused("d.csv:3", "date", days=DAYS.replace("2025-01-02", "2024-12-31"))

    def test_what_is_no_day_is_refused(self):
        self.refused("d.csv:3", "date", days=DAYS.replace("2025-01-02", "2025-02-29"))

    def test_fees_that_cannot_be_are_refused(self):
        self.refused("d.csv:2", "cannot be", days=DAYS.replace("495128405", "-1"))
        self.refused("d.csv:2", "tip_height", days=DAYS.replace("877398", ""))

    def test_a_missing_column_or_field_is_refused(self):
        self.refused("e.csv:1", "bits_hex", epochs=EPOCHS.replace("bits_hex", "target"))
        self.refused("d.csv:2", "fields", days=DAYS.replace(",877398", ""))

    def test_an_empty_file_is_refused(self):
        self.refused("nothing to write", epochs="start_height,start_time_s,bits_hex\n")


if __name__ == "__main__":
    unittest.main()
