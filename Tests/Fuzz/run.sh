#!/bin/sh
# Fuzzes frame decoding, the register codec and device maps for SECONDS in all (600), starting from Tests/Fuzz/corpus
# and from what earlier runs kept. A finding is left in .build/fuzz-findings and ends the run with status 1: put it
# into the corpus under a name that tells what it is, and fix what it shows.
set -eu

seconds=${1:-600}
swift=${SWIFT:-swift}
here=$(dirname "$0")
scratch=.build/fuzz

# A build of its own: every function counts how often its branches are taken.
set -- -c release --scratch-path "$scratch" --sanitize=fuzzer -Xswiftc -DTHERMOCLINE_LIBFUZZER
"$swift" build "$@" --product thermocline-fuzz
program=$("$swift" build "$@" --show-bin-path)/thermocline-fuzz

status=0
mkdir -p .build/fuzz-findings
for property in frame codec map; do
    kept=.build/fuzz-corpus/$property
    mkdir -p "$kept"
    share=$((seconds / 3))
    [ "$share" -gt 0 ] || share=1
    echo "fuzz: $property for $share s"
    # Swift's own report of a trap would end the process before libFuzzer has written the input down.
    SWIFT_BACKTRACE=enable=no THERMOCLINE_FUZZ=$property "$program" -max_total_time="$share" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -use_value_profile=1 \
        -verbosity=1 -print_final_stats=1 -artifact_prefix=".build/fuzz-findings/$property-" \
        "$kept" "$here/corpus/$property" >".build/fuzz-findings/$property.log" 2>&1 || status=1
    grep -E '^stat::(number_of_executed_units|new_units_added|peak_rss_mb)|Fatal error|ERROR|Test unit written' \
        ".build/fuzz-findings/$property.log" | sed "s/^/fuzz: $property: /" || true
done
exit "$status"
