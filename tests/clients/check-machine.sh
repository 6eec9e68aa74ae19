#!/bin/sh
# Say what `make test-clients` (and, if named, `make pictures`) needs and this machine hasn't; fail then.
set -eu
missing=0

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Node 20 or newer is needed, with npm: on Debian and Ubuntu 'apt-get install nodejs npm', elsewhere from nodejs.org." >&2
  missing=1
elif [ "$(node --print 'parseInt(process.versions.node)')" -lt 20 ]; then
  echo "Node 20 or newer is needed; this is $(node --version)." >&2
  missing=1
fi

if ! sh "$(dirname "$0")/find-browser.sh" >/dev/null; then
  echo "Chromium is needed: on Debian 'apt-get install chromium', on Ubuntu 'snap install chromium', elsewhere Chromium or Chrome; CHROMIUM names one that isn't found by itself." >&2
  missing=1
fi

# Only pictures show what the letters look like.
if [ "${1:-}" = pictures ] && [ -z "$(fc-list :lang=zh-cn 2>/dev/null)" ]; then
  echo "A font for Chinese is needed: on Debian and Ubuntu 'apt-get install fontconfig fonts-wqy-microhei'." >&2
  missing=1
fi
exit "$missing"
