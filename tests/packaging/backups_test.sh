#!/usr/bin/env bash
# backups_test.sh BINARY ROTATE_BACKUPS: copies are taken, kept and rotated; one restores.
set -euo pipefail
binary=$1 rotate=$2
folder=$(mktemp -d)
trap 'kill "$daemon" 2>/dev/null || true; rm -rf "$folder"' EXIT
daemon=
fail() { echo "backups: $*" >&2; exit 1; }

db=$folder/hashprice.db
export HASHPRICE=$binary HASHPRICE_DATABASE_PATH=$db
mkdir "$folder/backups"
"$binary" serve --no-poll --listen 127.0.0.1:0 2>"$folder/log" &
daemon=$!
for _ in {1..100}; do ! grep -q ' serves ' "$folder/log" || break; sleep 0.1; done
grep -q ' serves ' "$folder/log" || fail "it does not serve: $(cat "$folder/log")"

# while the daemon runs: older copies, a file that is none, and a rest of an interrupted run
for day in 01 02 03; do : >"$folder/backups/hashprice-202511${day}T033000Z.db"; done
: >"$folder/backups/hashprice-before-the-upgrade.db"
: >"$folder/backups/.unfinished.db"
"$rotate" "$folder/backups" 2
names=$(cd "$folder/backups" && ls -A)
[ "$(grep -c 'T......Z.db$' <<<"$names")" = 2 ] || fail "not two copies are kept: $names"
grep -q hashprice-20251103 <<<"$names" || fail "the newest of the old ones is gone: $names"
grep -q hashprice-before-the-upgrade.db <<<"$names" || fail "a foreign file was deleted: $names"
! grep -q unfinished <<<"$names" || fail "an unfinished copy is left: $names"
newest=$folder/backups/$(grep 'T......Z.db$' <<<"$names" | tail -1)

# a copy that cannot be made leaves the others alone
if HASHPRICE_DATABASE_PATH=$folder/none/none.db "$rotate" "$folder/backups" 1 2>/dev/null
then fail "a failed copy ends with status 0"; fi
[ -s "$newest" ] || fail "a failed copy cost a good one"

# restore, as docs/install.md says: stop, put the copy in place of all three files, start
"$binary" query --from 2025-11-01 --to 2025-12-01 --format csv >"$folder/before.csv"
kill "$daemon"; wait "$daemon" || fail "the daemon did not end well"
rm -f "$db" "$db-wal" "$db-shm"
cp "$newest" "$db"
"$binary" check >/dev/null || fail "the restored database is not intact"
"$binary" query --from 2025-11-01 --to 2025-12-01 --format csv >"$folder/after.csv"
[ "$(wc -l <"$folder/after.csv")" -gt 25 ] || fail "the restored database is empty"
cmp "$folder/before.csv" "$folder/after.csv" || fail "the restored database says something else"
"$binary" serve --no-poll --listen 127.0.0.1:0 2>"$folder/log" &
daemon=$!
for _ in {1..100}; do ! grep -q ' serves ' "$folder/log" || exit 0; sleep 0.1; done
fail "the restored database cannot be served: $(cat "$folder/log")"
