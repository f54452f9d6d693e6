#!/usr/bin/env bash
# Runs the smoke test of the built server as `docker run --read-only --cap-drop ALL --security-opt no-new-privileges`
# would run it, without a container engine: every file system read-only but one folder for its data (there is no
# other place for temporary files), as nobody, with no capability and no way to gain one. Needs root, which it drops.
set -euo pipefail
cd "$(dirname "$0")/.."
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all)

if [ "${1:-}" != inside ]; then
  [ "$(id -u)" = 0 ] && unshare --mount true || { echo 'contained: needs root and mount namespaces' >&2; exit 3; }
  exec unshare --mount -- "$0" inside
fi

# Under /mnt it is readable to nobody, wherever the clone lies.
mount --bind . /mnt
mount -t tmpfs -o mode=0700,uid=65534,gid=65534 tmpfs /srv
awk '$2 !~ "^/(proc|dev|sys|srv)(/|$)" { print $2 }' /proc/self/mounts | sort -u | while read -r at; do
  at=$(printf '%b' "$at")
  # What another mount hides can be reached by nobody.
  if [ -e "$at" ] && mountpoint -q "$at"; then mount -o remount,bind,ro "$at"; fi
done
for place in / /tmp /var/tmp /mnt /mnt/data /mnt/dist; do
  if touch "$place/written" 2>/dev/null; then echo "contained: $place can be written" >&2; exit 1; fi
done
cd /mnt
echo "contained: $("${nobody[@]}" sh -c 'id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status' | tr '\n\t' '  ')"
exec "${nobody[@]}" env -i PATH="$PATH" HOME=/nonexistent TMPDIR=/srv node scripts/smoke.mjs
