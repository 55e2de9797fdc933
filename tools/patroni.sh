#!/bin/bash
# Fetches what keeps a PostgreSQL primary and its standby, for `make chaos`: Patroni, and etcd where it holds its lock.
# Usage: tools/patroni.sh [FOLDER]
set -euo pipefail
. "$(dirname "$0")/need.sh"
. "$(dirname "$0")/fetch.sh"
fetch_into "${1:-}" patroni patroni etcd-server
