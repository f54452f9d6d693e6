#!/usr/bin/env bash
# Runs the smoke test and every command as the image of the Dockerfile would with `docker run --read-only --cap-drop ALL
# --security-opt no-new-privileges --tmpfs /tmp`, without a container engine: in a root of its own that holds what the
# Dockerfile copies and runs there (scripts/image-tree.mjs), Node, a shell and no compiler; read-only but for the volumes and
# /tmp; as the image's user, with no capability and no way to gain one. Needs root, which it drops. Run after `npm run build`.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != inside ]; then
  [ "$(id -u)" = 0 ] && unshare --mount true || { echo 'contained: needs root and mount namespaces' >&2; exit 3; }
  exec unshare --mount -- "$0" inside
fi

root=/mnt
mount -t tmpfs -o mode=0755 tmpfs "$root"
mkdir -p "$root"/{etc,proc,dev,tmp,usr/bin,usr/local/bin,opt/examples}
# As in the image of Node: its user, the tools that the Dockerfile runs, the libraries of both. No compiler.
printf 'root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n' > "$root/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' > "$root/etc/group"
for tool in sh env chmod ln install touch id setpriv; do cp -L "$(command -v "$tool")" "$root/usr/bin/$tool"; done
cp -L "$(command -v node)" "$root/usr/local/bin/node"
ln -s usr/bin "$root/bin"
for libraries in /usr/lib /usr/lib64 /lib /lib64; do
  if [ -L "$libraries" ]; then ln -s "$(readlink "$libraries")" "$root$libraries"
  elif [ -d "$libraries" ]; then mkdir -p "$root$libraries"; mount --bind -o ro "$libraries" "$root$libraries"
  fi
done
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"

image=$(node scripts/image-tree.mjs "$root")
of_image() { node -e 'const image = JSON.parse(process.argv[1]); const value = eval(process.argv[2]); for (const line of [value].flat()) console.log(line)' "$image" "$1"; }
cp scripts/smoke.mjs "$root/opt/smoke.mjs"
cp examples/*.json "$root/opt/examples/"
echo '2021 年政府信息公开工作年度报告' > "$root/opt/examples/notice.txt"
workdir=$(of_image image.workdir)
user=$(of_image image.user)
[ "$user" = node ] || { echo "contained: the image runs as $user" >&2; exit 1; }
path=/usr/local/bin:/usr/bin:/bin
while read -r step; do
  chroot "$root" env -i PATH="$path" sh -c "cd $workdir && $step"
done < <(of_image image.run)
# A new volume has the owner and the mode of the folder that it is mounted on.
for volume in $(of_image image.volumes); do
  mount -t tmpfs -o "mode=$(stat -c %a "$root$volume"),uid=$(stat -c %u "$root$volume"),gid=$(stat -c %g "$root$volume")" tmpfs "$root$volume"
done
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,ro "$root"

mapfile -t env < <(of_image 'Object.entries(image.env).map((pair) => pair.join("="))')
within() {
  chroot "$root" setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env -i -C "$workdir" PATH="$path" HOME=/nonexistent "${env[@]}" "$@"
}
for place in / /usr/local/bin "$workdir" "$workdir/dist" "$workdir/data"; do
  if within touch "$place/written" 2>/dev/null; then echo "contained: $place can be written" >&2; exit 1; fi
done
if within sh -c 'command -v cc || command -v gcc || command -v npm'; then echo 'contained: there is a compiler' >&2; exit 1; fi
echo "contained: $(within sh -c 'id -u; while read -r line; do case $line in CapEff*|CapBnd*|NoNewPrivs*) echo "$line";; esac; done < /proc/self/status' | tr '\n\t' '  ')"

ran=()
# Runs a command to its end, which must come with 0, or with the code that is named first.
command_of_image() {
  local code=0 expected=0 said
  case $1 in [0-9]) expected=$1; shift ;; esac
  ran+=("$1")
  said=$(within xiangbao "$@" 2>&1) || code=$?
  if [ "$code" != "$expected" ]; then printf 'contained: xiangbao %s ended with %s:\n%s\n' "$*" "$code" "$said" >&2; exit 1; fi
  echo "contained: xiangbao $*"
}
command_of_image migrate
command_of_image register stats
command_of_image token create administrator --scope admin
command_of_image import /opt/examples/qunfeng-2021.json
command_of_image export --year 2021 -o /backups/reports.ndjson
# It has no table, which is said by the child process that reads, and ends with 2.
command_of_image 2 read /opt/examples/notice.txt
command_of_image rollups verify
command_of_image audit verify
command_of_image backup /backups/one.db
command_of_image check /backups/one.db
command_of_image restore /backups/one.db --force
# The last two serve until they are stopped: what the image starts, by the smoke test; the demonstration, from memory.
within node /opt/smoke.mjs /usr/local/bin/xiangbao /opt/examples
ran+=("$(of_image 'image.cmd[1]')")
said=$(mktemp -p "$root/tmp")
within env PORT=0 xiangbao demo > "$said" &
demo=$!
for _ in $(seq 600); do grep -q 'Ctrl-C' "$said" && break; sleep 0.1; done
# The shell that waits for it is its parent.
kill -TERM "$(pgrep -P "$demo")"
wait "$demo"
grep -q 'Ctrl-C' "$said"
echo 'contained: xiangbao demo: served and stopped'
ran+=(demo)
missing=$(comm -13 <(printf '%s\n' "${ran[@]}" | sort -u) <(within xiangbao --help | sed -nE 's/^  ([a-z]+)( .*)?$/\1/p' | grep -v '^help$' | sort -u))
[ -z "$missing" ] || { echo "contained: not tried: $missing" >&2; exit 1; }
