#!/usr/bin/python3
"""A backfill as one would write it by hand: http.client, json, sqlite3. A baseline for bench.py.

    tests/bench/python_backfill.py PORT BLOCKS DATABASE

Prints blocks per second. It checks nothing, and keeps an observation a block and its daily mean.
"""
import http.client
import json
import sqlite3
import sys
import time


def difficulty(bits):
    return 0xffff / (bits & 0xffffff) * 256.0 ** (29 - (bits >> 24))


def main():
    port, blocks, database = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    db = sqlite3.connect(database)
    db.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE blocks(height INTEGER PRIMARY KEY, time INTEGER, bits INTEGER, fees INTEGER, hash TEXT);"
        "CREATE TABLE observations(time INTEGER PRIMARY KEY, height INTEGER, sat REAL);"
        "CREATE TABLE days(day INTEGER PRIMARY KEY, n INTEGER, mean REAL);")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    window = {}
    started = time.monotonic()
    for top in range(14, blocks, 15):
        connection.request("GET", f"/api/v1/blocks/{top}")
        page = json.loads(connection.getresponse().read())
        for row in reversed(page):
            height, fees = row["height"], row["extras"]["totalFees"]
            window[height % 144] = fees
            reward = (5_000_000_000 >> height // 210_000) + sum(window.values()) / len(window)
            sat = 86400e15 * reward / (difficulty(row["bits"]) * 2 ** 48 / 65535)
            db.execute("INSERT INTO blocks VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                       (height, row["timestamp"], row["bits"], fees, row["id"]))
            db.execute("INSERT OR REPLACE INTO observations VALUES(?, ?, ?)", (row["timestamp"], height, sat))
            db.execute("INSERT INTO days VALUES(?, 1, ?) ON CONFLICT(day) DO UPDATE SET n = n + 1, "
                       "mean = mean + (excluded.mean - mean) / (n + 1)", (row["timestamp"] // 86400, sat))
        if top // 15 % 100 == 99:
            db.commit()
    db.commit()
    print(blocks / (time.monotonic() - started))


if __name__ == "__main__":
    main()
