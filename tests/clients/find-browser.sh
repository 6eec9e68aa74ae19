#!/bin/sh
# Print where a Chromium is; fail where there is none.
set -eu
for name in ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable}; do
  if path=$(command -v "$name"); then
    echo "$path"
    exit 0
  fi
done
exit 1
