#!/bin/bash
# Fetches the servers that the channels' tests speak with, Mosquitto (MQTT) and Net::SMPP (the other end of SMPP).
# Usage: tools/servers.sh [FOLDER]
set -euo pipefail
. "$(dirname "$0")/need.sh"
. "$(dirname "$0")/fetch.sh"
fetch_into "${1:-}" servers mosquitto libnet-smpp-perl
