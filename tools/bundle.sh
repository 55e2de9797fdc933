#!/bin/bash
# Puts the browser libraries that npm brings as many small files into one file each, beside them: a page loads one. Usage:
# tools/bundle.sh, after every `npm ci`, which empties the folder.
set -euo pipefail
cd "$(dirname "$0")/.."
node node_modules/esbuild/bin/esbuild jssip --bundle --minify --format=iife --global-name=JsSIP --legal-comments=inline \
    --target=chrome103 --log-level=warning --outfile=node_modules/.bundles/jssip.min.js
