#!/bin/sh
# Finds what is missing on this machine and installs it: C libraries for the build and, with "test", the peers that
# the tests check against. Safe to run again; does nothing when everything is there.
set -eu

want_tests=no
[ "${1:-}" = "test" ] && want_tests=yes

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

if ! command -v swift >/dev/null 2>&1; then
    fail "no Swift toolchain found. Install Swift 6.3 (https://www.swift.org/install/linux/) and put 'swift' on PATH."
fi
version=$(swift --version 2>&1 | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
case "$version" in
    6.[2-9]*|[7-9].*) ;;
    *) fail "Swift $version is too old; 6.2 or later is needed (https://www.swift.org/install/linux/)." ;;
esac

missing=""
need_package() { # need_package PACKAGE TEST-COMMAND...
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
need_package libmodbus-dev test -f /usr/include/modbus/modbus.h
need_package libsqlite3-dev test -f /usr/include/sqlite3.h
need_package libncurses-dev test -f /usr/include/ncurses.h
need_package libsnappy-dev test -f /usr/include/snappy-c.h
need_package libzstd-dev test -f /usr/include/zstd.h
need_package zlib1g-dev test -f /usr/include/zlib.h
need_package libcrypt-dev test -f /usr/include/crypt.h
if [ "$want_tests" = yes ]; then
    need_package mbpoll command -v mbpoll
    need_package prometheus command -v promtool
    need_package python3-venv python3 -c 'import ensurepip, venv'
    need_package tmux command -v tmux
    need_package curl command -v curl
fi

if [ -n "$missing" ]; then
    say "installing:$missing"
    command -v apt-get >/dev/null 2>&1 || fail "there is no apt-get here. Install the equivalents of:$missing"
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "run as root, or install sudo, or install these yourself:$missing"
        as_root=sudo
    fi
    $as_root apt-get update -qq || say "apt-get update failed; trying with the lists that are here"
    # Packages such as prometheus start a server when installed; Debian's own switch says no to that meanwhile.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap '$as_root rm -f "$policy"' EXIT
        trap 'exit 130' HUP INT TERM
        printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
        $as_root chmod 755 "$policy"
    fi
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
        || fail "apt-get could not install:$missing"
fi

if [ "$want_tests" = yes ]; then
    python=.build/test-python
    if ! "$python/bin/python" -c 'import jsonschema, pymodbus, prometheus_client, yaml' >/dev/null 2>&1; then
        say "preparing the Python peers in $python"
        mkdir -p .build
        python3 -m venv "$python"
        "$python/bin/pip" install --quiet --disable-pip-version-check 'pymodbus==3.16.1' 'prometheus_client==0.26.0' \
            'jsonschema==4.26.0' 'PyYAML==6.0.3' \
            || fail "pip could not install the Python peers; check the network and run again."
    fi
fi
