#!/usr/bin/env bash
# in_systemd.sh DEB NEWER_DEB: the package under a real systemd: installed, reloaded, frozen, restored
# from a backup, given a secret, upgraded, removed, installed again, purged.
#
# For a machine (a container will do) that can be thrown away: it must be Debian 12 with curl, and systemd as its
# first process, and this must be root. NEWER_DEB is the same package with a higher version.
set -euo pipefail
deb=$1 newer=$2
export DEBIAN_FRONTEND=noninteractive
[ "$(cat /proc/1/comm)" = systemd ] || { echo "systemd is not the first process here" >&2; exit 2; }

step() { echo "== $*"; }
fail() { echo "FAILED: $*" >&2; journalctl -u hashprice --no-pager -n 20 >&2; exit 1; }
put() { apt-get install -y -qq -o Dpkg::Options::=--force-confold "$1" >/dev/null; }
is() { [ "$(systemctl "$1" "$2" || true)" = "$3" ] || fail "$2 is not $3"; }
answers() {
    for _ in {1..50}; do
        ! hashprice --config /etc/hashprice/hashprice.toml healthcheck >/dev/null 2>&1 || return 0
        sleep 0.2
    done
    fail "it does not answer"
}
as_user() { su -s /bin/sh hashprice -c "$*"; }

step install
put "$deb"
is is-active hashprice active
is is-enabled hashprice enabled
is is-enabled hashprice-backfill.timer enabled
is is-enabled hashprice-backup.timer disabled
answers
as_user hashprice latest >/dev/null || fail "its user cannot read its database"
[ "$(stat -c %U:%G:%a /var/lib/hashprice)" = hashprice:hashprice:750 ] || fail "rights"
grep -q 'serves http://127.0.0.1:8480/' <<<"$(systemctl show -p StatusText hashprice)" || fail "status line"

step reload
sed -i 's/^level = "info"/level = "debug"/' /etc/hashprice/hashprice.toml
systemctl reload hashprice
grep -q 'in force now: log.level' <<<"$(journalctl -u hashprice --no-pager -o cat)" || fail "not reloaded"

step watchdog
mkdir -p /etc/systemd/system/hashprice.service.d
printf '[Service]\nWatchdogSec=6\n' >/etc/systemd/system/hashprice.service.d/test.conf
systemctl daemon-reload
systemctl restart hashprice
old=$(systemctl show -p MainPID --value hashprice)
[ "$old" -gt 1 ] || fail "it does not run"
kill -STOP "$old"
for _ in {1..40}; do
    sleep 1
    now=$(systemctl show -p MainPID --value hashprice)
    [ "$now" -le 1 ] || [ "$now" = "$old" ] || break
done
if [ "$now" = "$old" ] || [ "$now" -le 1 ]; then fail "the frozen daemon was not restarted"; fi
answers

step backup
systemctl start hashprice-backup.service
copies=(/var/backups/hashprice/hashprice-*.db)
[ -s "${copies[0]}" ] || fail "no copy"

step restore  # as docs/install.md says
systemctl stop hashprice hashprice-backfill.timer hashprice-backup.timer
(cd /var/lib/hashprice && rm -f hashprice.db hashprice.db-wal hashprice.db-shm)
install -o hashprice -g hashprice -m 0640 "${copies[0]}" /var/lib/hashprice/hashprice.db
as_user hashprice check >/dev/null || fail "the restored database is not intact"
systemctl start hashprice hashprice-backfill.timer
answers
grep -q ',35.195' <<<"$(as_user "hashprice query --from 2025-11-22 --to 2025-11-23 --format csv")" ||
    fail "the restored history says something else"

step secret  # one that only root may read, as docs/install.md says
printf 'a-token-of-root' | install -m 0600 /dev/stdin /etc/hashprice/token
printf '[Service]\nType=oneshot\nUser=hashprice\nLoadCredential=token:/etc/hashprice/token\nExecStart=/bin/cat %%d/token\n' \
    >/etc/systemd/system/plain.service
systemctl daemon-reload
if systemctl start plain 2>/dev/null; then
    printf '[Service]\nLoadCredential=token:/etc/hashprice/token\nEnvironment=HASHPRICE_HTTP_TOKEN_FILE=%%d/token\n' \
        >/etc/systemd/system/hashprice.service.d/token.conf
    systemctl daemon-reload
    systemctl restart hashprice
    answers
    status_of() { curl -s -o /dev/null -w '%{http_code}' "$@" http://127.0.0.1:8480/api/v1/status; }
    [ "$(status_of)" = 401 ] || fail "it answers without a token"
    [ "$(status_of -H 'Authorization: Bearer a-token-of-root')" = 200 ] || fail "it refuses the token"
    rm /etc/systemd/system/hashprice.service.d/token.conf
else
    echo "left out: systemd gives no credential to any user here (some containers)"
fi
rm /etc/hashprice/token /etc/systemd/system/plain.service
systemctl daemon-reload
systemctl restart hashprice
answers

step upgrade
put "$newer"
is is-active hashprice active
answers
grep -q '^level = "debug"' /etc/hashprice/hashprice.toml || fail "the settings were overwritten"
as_user hashprice check >/dev/null || fail "the database did not survive"

step remove
apt-get remove -y -qq hashprice >/dev/null
! pgrep -x hashprice >/dev/null || fail "it still runs"
[ -s /var/lib/hashprice/hashprice.db ] || fail "the history is gone"

step 'install again'
put "$newer"
is is-active hashprice active
is is-enabled hashprice-backup.timer disabled
answers

step purge
rm -r /etc/systemd/system/hashprice.service.d
apt-get purge -y -qq hashprice >/dev/null 2>&1
! pgrep -x hashprice >/dev/null || fail "it still runs"
for path in /var/lib/hashprice /etc/hashprice /usr/lib/hashprice; do
    [ ! -e "$path" ] || fail "$path is left: $(ls -A "$path")"
done
[ -s "${copies[0]}" ] || fail "the backups are gone"
! getent passwd hashprice >/dev/null || fail "the user is left"
! find /etc/systemd /var/lib/systemd -name '*hashprice*' | grep . || fail "units are left"
echo "all is well"
