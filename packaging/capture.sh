#!/bin/sh
# Runs the demo in a terminal of its own, takes the screen as text, and puts it into README.md.
set -eu

bin=$1
here=$(cd "$(dirname "$0")/.." && pwd)
command -v tmux >/dev/null || { echo "capture: tmux is needed; install it and run again" >&2; exit 1; }
session=thermocline-capture-$$
screen=$(mktemp)
trap 'tmux kill-session -t "$session" 2>/dev/null || true; rm -f "$screen"' EXIT INT TERM

tmux new-session -d -s "$session" -x 100 -y 32 "NO_COLOR=1 sh '$here/packaging/demo.sh' '$bin'"
# Two plant hours pass in two minutes: the front is through and heat is exported by then.
sleep "${CAPTURE_SECONDS:-120}"
tmux capture-pane -p -t "$session" >"$screen"
grep -q PUE "$screen" || { echo "capture: the view did not come up:" >&2; cat "$screen" >&2; exit 3; }

awk -v screen="$screen" '
    /<!-- capture:begin -->/ {
        print; print ""; print "```text"
        while ((getline line < screen) > 0) { sub(/[ \t]+$/, "", line); print line }
        print "```"; print ""
        skipping = 1
    }
    /<!-- capture:end -->/ { skipping = 0 }
    !skipping && !/<!-- capture:begin -->/ { print }
' "$here/README.md" >"$screen.md"
cat "$screen.md" >"$here/README.md"
rm -f "$screen.md"
