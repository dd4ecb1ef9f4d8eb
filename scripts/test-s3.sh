#!/bin/sh
# npm run test:s3: the object store's conformance suite, and states of terraform, against a real S3 server, Debian's radosgw.
# Starts a monitor, one OSD that keeps everything in memory and the gateway in network and process namespaces of their
# own, so that nothing listens outside and nothing is left when it ends. Needs about 600 MB of memory and 20 s.
set -eu

if [ -z "${BULLPEN_S3_INSIDE:-}" ]; then
  for program in radosgw radosgw-admin ceph-mon ceph-osd ceph ceph-authtool monmaptool; do
    command -v "$program" >/dev/null || {
      echo "test:s3 needs $program: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common" >&2
      exit 2
    }
  done
  npm run --silent build
  user=''
  [ "$(id -u)" = 0 ] || user='--user --map-root-user'
  # shellcheck disable=SC2086
  BULLPEN_S3_INSIDE=1 exec unshare $user --net --pid --fork --kill-child --mount-proc "$0"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ip link set lo up
export CEPH_CONF="$folder/ceph.conf"
export CEPH_ARGS="--conf $folder/ceph.conf --keyring $folder/keyring"
fsid=$(cat /proc/sys/kernel/random/uuid)
osd_uuid=$(cat /proc/sys/kernel/random/uuid)

cat >"$folder/ceph.conf" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:3300]
mon initial members = a
mon allow pool size one = true
mon data avail crit = 1
mon data = $folder/mon
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
run dir = $folder
admin socket = $folder/\$name.asok
log file = $folder/\$name.log
rgw frontends = beast endpoint=127.0.0.1:7480
rgw data = $folder/rgw
CONF

fail() {
  echo "test:s3: $1" >&2
  tail -n 20 "$folder"/*.log >&2 || true
  exit 1
}

# One keyring for everyone: this cluster has no secrets and lives for seconds.
mkdir "$folder/mon" "$folder/osd" "$folder/rgw"
ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool "$folder/keyring" --gen-key -n client.admin \
  --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
monmaptool --create --fsid "$fsid" --addv a '[v2:127.0.0.1:3300]' "$folder/monmap" >/dev/null
ceph-mon -i a --mkfs --monmap "$folder/monmap" >/dev/null 2>&1 || fail 'the monitor could not be made'
ceph-mon -i a -f >/dev/null 2>&1 &
timeout 30 ceph osd new "$osd_uuid" >/dev/null 2>&1 || fail 'the monitor does not answer'

ceph-authtool "$folder/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' >/dev/null
ceph auth import -i "$folder/keyring" >/dev/null 2>&1
ceph-osd -i 0 --mkfs --osd-uuid "$osd_uuid" >/dev/null 2>&1 || fail 'the OSD could not be made'
ceph-osd -i 0 -f >/dev/null 2>&1 &

export AWS_ACCESS_KEY_ID=bullpen AWS_SECRET_ACCESS_KEY=bullpen-secret AWS_REGION=us-east-1
timeout 60 radosgw-admin user create --uid=bullpen --display-name=bullpen \
  --access-key="$AWS_ACCESS_KEY_ID" --secret-key="$AWS_SECRET_ACCESS_KEY" >/dev/null 2>&1 || fail 'the OSD does not answer'
radosgw -n client.admin -f >/dev/null 2>&1 &
gateway=$!
until node -e "fetch('http://127.0.0.1:7480').catch(() => process.exit(1))"; do
  kill -0 "$gateway" 2>/dev/null || fail 'the gateway ended'
done

S3_TEST_ENDPOINT=http://127.0.0.1:7480 npm run --silent jest -- \
  dist/platform/objects/__tests__/s3-object-store.test.js dist/platform/terraform/__tests__/state-backends.test.js
