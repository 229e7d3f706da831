#!/usr/bin/python3
"""Writes the tables of the starter history that is compiled into hashprice.

    tools/make_starter.py EPOCHS.csv DAYS.csv OUTPUT_DIR

Run it once a release to carry the history on; the result is committed. Both files are in formats
that `hashprice import` reads too (columns by name, in any order, others are passed over):

    epochs      start_height, start_time_s, bits_hex                every epoch from height 0
    days        date, close_usd, fee_sat_sum_144, tip_height        of the UTC day, as of 24:00

A day whose fees are not known has empty fields there and is carried with its price alone. Anything
doubtful (a hole between epochs, a day twice, a fraction of a micro-dollar) is refused with file and
line, and nothing is written. OUTPUT_DIR (ingest/starter) receives epochs.inc and days.inc.
"""
import csv
import datetime
import decimal
import pathlib
import sys

EPOCH_DAY = datetime.date(1970, 1, 1)
BLOCKS_PER_EPOCH = 2016
MICRO_USD_LIMIT = 10**18  # a trillion dollars; more is a slip
WIDTH = 100


class Refused(Exception):
    """A row that cannot be carried; the text names file, line and reason."""


def rows(path, columns):
    """Yields (place, row) for each line; place is "file:line" for error messages."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [c for c in columns if c not in (reader.fieldnames or [])]
        if missing:
            raise Refused(f"{path}:1: no column {', '.join(missing)}")
        for row in reader:
            place = f"{path}:{reader.line_num}"
            if None in row.values() or None in row:
                raise Refused(f"{place}: not {len(reader.fieldnames)} fields")
            yield place, row


def integer(place, row, column, base=10):
    try:
        return int(row[column], base)
    except ValueError:
        raise Refused(f"{place}: {column} is no integer: {row[column]!r}") from None


def micro_usd(place, row):
    """The decimal price in millionths of a dollar, exactly."""
    try:
        micro = decimal.Decimal(row["close_usd"]).scaleb(6)
        whole = int(micro)
    except (decimal.InvalidOperation, ValueError, OverflowError):
        raise Refused(f"{place}: close_usd is no number: {row['close_usd']!r}") from None
    if micro != whole or not 0 < whole < MICRO_USD_LIMIT:
        raise Refused(f"{place}: close_usd is no possible number of micro-dollars: {micro}")
    return whole


def read_epochs(path):
    """(start time, bits) of each epoch; the place in the list is its number."""
    epochs = []
    for place, row in rows(path, ["start_height", "start_time_s", "bits_hex"]):
        height = integer(place, row, "start_height")
        if height != len(epochs) * BLOCKS_PER_EPOCH:
            raise Refused(f"{place}: start_height {len(epochs) * BLOCKS_PER_EPOCH} was expected")
        start = integer(place, row, "start_time_s")
        if epochs and start <= epochs[-1][0]:
            raise Refused(f"{place}: start_time_s is not after the epoch before")
        epochs.append((start, integer(place, row, "bits_hex", 16)))
    return epochs


def read_day(place, row):
    """(days since 1970, close, fees as C++ braces) of one line."""
    try:
        day = (datetime.date.fromisoformat(row["date"]) - EPOCH_DAY).days
    except ValueError:
        raise Refused(f"{place}: date is none: {row['date']!r}") from None
    if not row["fee_sat_sum_144"] and not row["tip_height"]:
        return day, micro_usd(place, row), "{}"
    fee_sum, tip = integer(place, row, "fee_sat_sum_144"), integer(place, row, "tip_height")
    if fee_sum < 0 or tip < 143:
        raise Refused(f"{place}: fee_sat_sum_144 or tip_height cannot be")
    return day, micro_usd(place, row), f"{{{{{fee_sum}, {tip}}}}}"


def read_days(path):
    days = []
    for place, row in rows(path, ["date", "close_usd", "fee_sat_sum_144", "tip_height"]):
        days.append(read_day(place, row))
        if len(days) > 1 and days[-1][0] <= days[-2][0]:
            raise Refused(f"{place}: date is not after the day before")
    return days


def table(heading, cells):
    """Cells packed into lines of at most WIDTH characters."""
    lines, line = [f"// {heading}", "// Made by tools/make_starter.py; do not edit."], ""
    for cell in cells:
        if line and len(line) + 1 + len(cell) > WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {cell}" if line else cell
    return "\n".join(lines + [line]) + "\n"


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        epochs, days = read_epochs(arguments[0]), read_days(arguments[1])
        if not epochs or not days:
            raise Refused("no epochs or no days: nothing to write")
    except (Refused, OSError) as error:
        print(f"make_starter: {error}", file=sys.stderr)
        return 1
    out = pathlib.Path(arguments[2])
    (out / "epochs.inc").write_text(
        table("{start time, unix seconds; bits} of every difficulty epoch from height 0.",
              (f"{{{start}, 0x{bits:08x}}}," for start, bits in epochs)), encoding="utf-8")
    (out / "days.inc").write_text(
        table("{days since 1970; close, micro-USD; {{fees of the last 144 blocks at 24:00, "
              "satoshi; height then}}}",
              (f"{{{day}, {close}, {fees}}}," for day, close, fees in days)), encoding="utf-8")
    print(f"{len(epochs)} epochs, {len(days)} days")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
