#!/bin/sh
# Runs the simulated facility and an agent on it, promotes the loops, and opens the terminal view.
# Without a terminal it runs for a minute, prints one snapshot and ends with 0.
set -eu

bin=$1
here=$(cd "$(dirname "$0")/.." && pwd)
site=$here/simulators/sites/hall-10mw.yaml
work=$(mktemp -d "${TMPDIR:-/tmp}/thermocline-demo.XXXXXX")
sim="" agent=""
finish() {
    status=$?
    trap - EXIT INT TERM
    [ -n "$agent" ] && kill "$agent" 2>/dev/null && wait "$agent" 2>/dev/null
    [ -n "$sim" ] && kill "$sim" 2>/dev/null && wait "$sim" 2>/dev/null
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT INT TERM

await() { # await FILE TEXT SECONDS WHAT
    tries=$(($3 * 10))
    while ! grep -q "$2" "$1" 2>/dev/null; do
        tries=$((tries - 1))
        if [ "$tries" -le 0 ]; then
            echo "demo: $4 did not come up; its output:" >&2
            cat "$1" >&2
            exit 3
        fi
        sleep 0.1
    done
}

"$bin/facility-sim" --site "$site" --seed 1 >"$work/sim.log" 2>&1 &
sim=$!
await "$work/sim.log" '^ready' 10 "the simulated facility"
"$bin/thermocline" run "$site" --store "$work/store" >"$work/agent.log" 2>&1 &
agent=$!
await "$work/agent.log" 'serving http' 10 "the agent"

# A new site only advises. The commissioning record beside the site is the proof on which its loops may write.
for loop in heat-export economizer chillers towers coolant-supply; do
    "$bin/thermocline" command mode "$loop" automatic --socket "$work/store/command.socket" \
        --reason "demo: commissioned on the simulator" --record "$here/simulators/sites/hall-10mw.commissioning.yaml" \
        >>"$work/commands.log" 2>&1 || { cat "$work/commands.log" >&2; exit 1; }
done

if [ -t 1 ]; then
    "$bin/thermocline" top
else
    echo "demo: no terminal; running for one minute"
    sleep 60
    "$bin/thermocline" top --once
fi
