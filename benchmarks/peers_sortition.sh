#!/bin/sh
# Put the peer's library into an environment of its own, for `make bench-sortition` to compare with.
# It is never a requirement: without it the benchmark prints our own figures only.
set -eu
FOLDER=${1:-.venv-peers-sortition}
"${PYTHON:-python3}" -m venv "$FOLDER"
"$FOLDER/bin/python" -m pip install --quiet --disable-pip-version-check sortition-algorithms
echo "Run: make bench-sortition PEER=$FOLDER/bin/python"
