#!/bin/sh
# Makes .venv and installs detente with pinned dependencies. Usage: scripts/setup.sh user|dev
# Needs python3 (3.11 or newer); where Debian's python3 lacks venv, installs python3-venv (as root or with sudo).
set -eu
cd "$(dirname "$0")/.."
kind="${1:-user}"
python="${PYTHON:-python3}"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "detente needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Set PYTHON=/path/to/python3." >&2
    exit 2
}

apt_install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "cannot install $*: no apt-get here; please install the equivalent and run again" >&2
        exit 2
    fi
    root=""
    [ "$(id -u)" = 0 ] || root="sudo"
    echo "installing system packages: $*" >&2
    $root apt-get update -q >&2
    DEBIAN_FRONTEND=noninteractive $root apt-get install -y -q --no-install-recommends "$@" >&2
}

if ! [ -x .venv/bin/pip ]; then
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 || {
        rm -rf .venv
        apt_install python3-venv
        "$python" -m venv .venv
    }
fi

if [ "$kind" = dev ]; then
    missing=""
    command -v chromium >/dev/null 2>&1 || missing="chromium"
    # Spark runs on Java; the tests start a local session.
    command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086 # one word a package
        apt_install $missing & # beside the installation of packages
        system=$!
        trap 'wait' EXIT
    fi
fi

lock="requirements/$kind.lock"
stamp=".venv/.installed-$kind"
if ! cmp -s "$lock" "$stamp" || ! [ -x .venv/bin/detente ]; then
    echo "installing from $lock (a minute or two the first time)" >&2
    pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install --quiet"
    # uv uses all cores and several connections: it takes a third of pip's time. It does not know pip's settings, a
    # mirror for example: where it fails, pip installs the same files.
    $pip --require-hashes -r requirements/installer.lock
    .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r "$lock" ||
        $pip --require-hashes -r "$lock"
    $pip --no-deps --no-build-isolation -e .
    cp "$lock" "$stamp"
fi

[ -z "${system:-}" ] || wait "$system"
