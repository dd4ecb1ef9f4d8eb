/**
 * Shell scripts (POSIX, run by `sh -c SCRIPT WORDS`) that start, end and find rented processes, the same on this machine
 * and on a host reached by ssh. WORDS are one text, quoted for the shell: terraform's local-exec has room for one. Each knows its processes by their environment, BULLPEN_RENTAL (the
 * rental's id, `<cluster>/<name>#<n>`) and BULLPEN_HOME, as the system tells it: no file can be stale, and no pid can
 * have been given to another program.
 *
 * Everything of a cluster on a host lies in `$BULLPEN_HOME/clusters/<cluster>`, 0700.
 */

/**
 * `rented NAMES`: pids that carry a rental whose id begins so. Zombies have no environment any more and do not count.
 * Not those of this script's own process group: the script itself carries the rental.
 */
const findRented = `
field() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f"$2"; }
group=$(field $$ 3)
rented() {
  grep -lzas "^BULLPEN_RENTAL=$1" /proc/[0-9]*/environ | while read -r file; do
    grep -qzaFxs "BULLPEN_HOME=$BULLPEN_HOME" "$file" || continue
    pid=\${file#/proc/} pid=\${pid%/environ}
    [ "$(field "$pid" 3)" = "$group" ] || echo "$pid"
  done
}
`

/**
 * `end_rented NAMES`: SIGTERM to the processes whose parent is none of them (a keeper ends what it keeps itself; a second
 * SIGTERM would keep an agent from handing its tasks back), SIGKILL to all that is left after 25 s, an agent's notice
 * time and what its keeper gives it. Returns when none is left.
 */
const endRented = `
end_rented() {
  pids=$(rented "$1" | tr '\\n' ' ')
  for pid in $pids; do
    leader=$(field "$pid" 4)
    case " $pids" in *" $leader "*) [ "$leader" = "$pid" ] || continue ;; esac
    kill -TERM "$pid" 2>/dev/null
  done
  looks=0
  while pids=$(rented "$1") && [ -n "$pids" ]; do
    looks=$((looks + 1))
    [ "$looks" -le 250 ] || kill -KILL $pids 2>/dev/null
    sleep 0.1
  done
}
`

/**
 * Starts one process detached and waits until it serves. Words: `redis` or `worker`, the address and port of Redis, then
 * the command. What fails is ended and removed again: terraform never runs the destroy commands of a resource
 * whose create command failed, nor those of one that was killed while it was created, so first of all whatever carries
 * this name is ended.
 */
export const startScript = `
set -u
umask 077
eval "set -- $0"
kind=$1 address=$2 port=$3
shift 3
name=\${BULLPEN_RENTAL#*/}
home=$BULLPEN_HOME/clusters/\${BULLPEN_RENTAL%%/*}
log=$home/logs/$name
kept=$home/$name/log
${findRented}${endRented}
every=\${BULLPEN_RENTAL%#*}#
end_rented "$every"
mkdir -p "$home/logs" || exit 1
[ -s "$home/redis.password" ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \\n' >"$home/redis.password"
password=$(cat "$home/redis.password")
# The database is in it, and with that the ledger that every keeper asks.
set -a
[ ! -e "$home/environment" ] || . "$home/environment"
set +a
if [ "$kind" = redis ]; then
  mkdir -p "$home/redis"
  cat >"$home/redis.conf" <<CONF
bind $address
port $port
requirepass $password
dir $home/redis
save ""
appendonly no
maxmemory-policy noeviction
set-proc-title no
CONF
else
  set -a
  REDIS_URL=redis://:$password@$address:$port
  BULLPEN_LOG=info
  set +a
fi
# The folder tells it from another server on the same port.
serves() {
  if [ "$kind" = redis ]; then
    REDISCLI_AUTH=$password redis-cli -h "$address" -p "$port" config get dir 2>/dev/null | grep -Fxq "$home/redis"
  else
    grep -qs 'serves route' "$log" "$kept"
  fi
}
setsid nohup "$@" </dev/null >"$log" 2>&1 &
pid=$!
looks=0
while [ "$looks" -lt 600 ]; do
  case $(field "$pid" 1) in '' | Z | X) break ;; esac
  serves && exit 0
  looks=$((looks + 1))
  sleep 0.1
done
echo "$name did not come up: $(cat "$log" "$kept" 2>/dev/null | grep -v '^$' | tail -n 3 | tr '\\n' ' ')" >&2
end_rented "$every"
rm -rf "\${home:?}/$name"
exit 1
`

/** Ends what carries the rental of its environment, or of its word, and removes its folder. Of one that is gone it does nothing. */
export const endScript = `
set -u
rental=\${BULLPEN_RENTAL:-$0}
home=$BULLPEN_HOME/clusters/\${rental%%/*}
${findRented}${endRented}
end_rented "$rental$"
rm -rf "\${home:?}/\${rental#*/}"
exit 0
`

/** Removes what a cluster's processes leave in its folder, and the folder unless something else is in it. */
export const clearScript = `
home=$BULLPEN_HOME/clusters/\${BULLPEN_RENTAL%%/*}
rm -rf "$home/logs" "$home/redis" "$home/redis.conf" "$home/redis.password" "$home/environment" "$home/end" "$home"/script*.sh
rmdir "$home" 2>/dev/null
exit 0
`

/** Ends everything of the cluster $0 but its guard, which may be who asks, and removes what it has left. */
export const sweepScript = `
set -u
${findRented}${endRented}
end_rented "$0/[^g][^#]*#"
rm -rf "\${BULLPEN_HOME:?}/clusters/$0" /tmp/bullpen-"$0"-*.sh
exit 0
`

/**
 * Tells what there is, a line each, of every cluster under $BULLPEN_HOME: \`process PID RENTAL PROGRAM\`,
 * \`keeper RENTAL PID\`, \`folder CLUSTER NAME\`. Fails where the system does not show environments of processes.
 */
export const lookScript = `
set -u
[ -r /proc/self/environ ] || { echo 'there is no /proc here, as Linux has it' >&2; exit 1; }
${findRented}
for pid in $(rented ''); do
  rental=$(grep -zasm1 '^BULLPEN_RENTAL=' "/proc/$pid/environ" | tr -d '\\0')
  [ -z "$rental" ] || echo "process $pid \${rental#*=} $(cat "/proc/$pid/comm" 2>/dev/null)"
done
for path in "$BULLPEN_HOME"/clusters/*/ "$BULLPEN_HOME"/clusters/*/*/; do
  [ -d "$path" ] || continue
  path=\${path#"$BULLPEN_HOME"/clusters/} path=\${path%/}
  echo "folder \${path%%/*} \${path#*/}"
  keeper=$BULLPEN_HOME/clusters/$path/keeper.json
  [ ! -e "$keeper" ] || echo "keeper $path $(tr -d ' \\n' <"$keeper" | sed 's/.*"pid":\\([0-9]*\\).*/\\1/')"
done
exit 0
`
