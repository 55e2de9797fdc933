#!/bin/bash
# Fetches the servers that the channels' tests speak with, Mosquitto (MQTT) and Net::SMPP (the other end of SMPP), from this
# machine's own Debian source into a folder of its own. Changes neither the machine's packages nor its sources; no root is
# needed. Usage: tools/servers.sh [FOLDER]; says nothing when they are there.
set -euo pipefail
. "$(dirname "$0")/need.sh"

if [ "$(id -u)" -eq 0 ]; then base=/var/lib; else base="${XDG_DATA_HOME:-$HOME/.local/share}"; fi
folder="${1:-$base/liandong/servers}"
[ -f "$folder/.fetched-by-liandong" ] && exit 0
command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    say_and_stop "这台机器没有 apt-get，取不到测试用的服务器：mosquitto、libnet-smpp-perl。"
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock" # tests that run side by side wait for the first
flock 9
[ -f "$folder/.fetched-by-liandong" ] && exit 0
work="$(mktemp -d "$folder.XXXXXX")"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/apt/{lists/partial,archives/partial} "$work/root"
own=(
    -o "Dir::State::lists=$work/apt/lists" -o "Dir::Cache=$work/apt" -o "Dir::Cache::archives=$work/apt/archives"
    -o APT::Install-Recommends=false -o APT::Sandbox::User= -o Debug::NoLocking=true
)
apt-get "${own[@]}" update -qq
# What is installed already is not fetched again, and found by its own path.
apt-get "${own[@]}" install -y --download-only --reinstall -qq mosquitto libnet-smpp-perl >/dev/null 2>&1 ||
    apt-get "${own[@]}" install -y --download-only -qq mosquitto libnet-smpp-perl >/dev/null
for package in "$work"/apt/archives/*.deb; do
    dpkg -x "$package" "$work/root"
done
rm -rf "$work/apt"
: >"$work/.fetched-by-liandong"
mv -T "$work" "$folder"
trap - EXIT
