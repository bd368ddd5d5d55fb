#!/bin/sh
# Installs Debian packages of servers for their programs only: the distribution's own service is neither started nor enabled,
# because Understudy runs private instances on ports of its own. Needs root. Arguments: the packages (each also its unit's name).
set -eu

# Asked by the packages' scripts before they start a service: 101 means "not allowed". An administrator's own policy stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1

install() { apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; }
# Package lists may be missing (containers) or stale: then fetched, and tried once more.
install "$@" || { apt-get update && install "$@"; }

if command -v systemctl >/dev/null; then
  systemctl disable --now "$@" || systemctl disable "$@" || true
  # A sound server is a service of each user: the desktop keeps the one that it has.
  for package in "$@"; do systemctl --global disable "$package" 2>/dev/null || true; done
fi
