#!/bin/bash
# Runs a command while a real Request Tracker 5 serves made-up tickets on loopback, and stops the server afterwards.
#
#   xtask/live/rt.sh COMMAND [ARGUMENT…]
#
# The command gets the address in RT_BASE_URL, and the tokens of three users in RT_ROOT_TOKEN, RT_AGENT_TOKEN and
# RT_REQUESTER_TOKEN. RT_LIVE_PORT changes the port. With RT_LIVE_COUNTS=0, RT does not count the tickets of a list. The database
# stays in target/live/rt; delete this folder to create the database again.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export RT_LIVE_PORT=${RT_LIVE_PORT:-8096}
export RT_LIVE_STATE=$here/../../target/live/rt
export RT_SITE_CONFIG=$here/rt/RT_SiteConfig.pm RT_SITE_CONFIG_DIR=$RT_LIVE_STATE/none
server=/usr/share/request-tracker5/libexec/rt-server
address=http://127.0.0.1:$RT_LIVE_PORT/rt

fail() {
    echo "error: $1" >&2
    exit 1
}

if ! { [ -x "$server" ] && command -v rt-setup-database-5 starman && perl -MDBD::SQLite -e 1; } >/dev/null 2>&1; then
    fail "Request Tracker 5 with SQLite is not installed
  fix: apt-get install --no-install-recommends request-tracker5 rt5-db-sqlite rt5-standalone starman
       (on Debian 12 or newer, as root; leave its own database unconfigured)"
fi

is_open() { (: <"/dev/tcp/127.0.0.1/$RT_LIVE_PORT") 2>/dev/null; }

! is_open || fail "port $RT_LIVE_PORT is in use; set RT_LIVE_PORT to another port"

# `tokens` is written last: without it, a former run did not finish.
if ! [ -s "$RT_LIVE_STATE/tokens" ]; then
    echo "creating the database in target/live/rt"
    rm -rf "$RT_LIVE_STATE"
    umask 077
    mkdir -p "$RT_LIVE_STATE"/{mason,sessions}
    RT_LIVE_STATE=$(cd "$RT_LIVE_STATE" && pwd)
    log=$RT_LIVE_STATE/setup.log
    rt-setup-database-5 --action init --dba '' --dba-password '' </dev/null >"$log" 2>&1 &&
        perl -I/usr/share/request-tracker5/lib "$here/rt/tickets.pl" >>"$log" 2>&1 ||
        fail "the database could not be created:
$(tail -n 20 "$log")"
fi
RT_LIVE_STATE=$(cd "$RT_LIVE_STATE" && pwd)

"$server" --server Starman --host 127.0.0.1 --port "$RT_LIVE_PORT" --workers 2 --webpath /rt </dev/null >"$RT_LIVE_STATE/server.log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
for _ in {1..300}; do
    is_open && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
done
is_open || fail "the server did not start:
$(tail -n 20 "$RT_LIVE_STATE/server.log")"

export RT_BASE_URL=$address
while read -r user token; do
    export "RT_${user}_TOKEN=$token"
done <"$RT_LIVE_STATE/tokens"
"$@"
