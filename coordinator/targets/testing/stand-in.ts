import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlannedRental, Rental, TargetName } from '#core/protocol'

/**
 * `bullpen rental keep` without a ledger and `bullpen worker` without a fleet. A worker serves at once; where its home
 * holds a file `broken` it fails, where it holds `slow` it never serves.
 */
const script = `#!/bin/sh
if [ "$1" = rental ]; then
  id=$4 folder=$6
  shift 9
  mkdir -p "$folder"
  printf '{"id":"%s","cluster":"-","pid":%s,"startedAt":0,"endsAt":0}' "$id" $$ >"$folder/draft"
  mv "$folder/draft" "$folder/keeper.json"
  setpriv --pdeathsig KILL -- "$@" >>"$folder/log" 2>&1 &
  child=$!
  trap 'kill -TERM $child' TERM
  wait $child || wait $child
  status=$?
  echo "rental $id ended: $(tail -n 1 "$folder/log")"
  rm -rf "$folder"
  exit $status
fi
[ ! -e "$BULLPEN_HOME/broken" ] || { echo 'the thing is broken'; exit 1; }
[ -e "$BULLPEN_HOME/slow" ] || echo "agent a serves route r"
exec sleep 300
`

/** Writes the stand-in into a folder; answers the command. */
export function standIn(folder: string): string[] {
  const path = join(folder, 'bullpen-stand-in')
  writeFileSync(path, script)
  chmodSync(path, 0o755)
  return [path]
}

/** What a ledger would make of a plan; `n` counts the times each name was rented. */
export function booked(
  cluster: string,
  target: TargetName,
  planned: readonly PlannedRental[],
  n: Readonly<Record<string, number>> = {},
): Rental[] {
  return planned.map((plan) => ({
    ...plan,
    id: `${cluster}/${plan.name}#${n[plan.name] ?? 1}`,
    cluster,
    target,
    bookedAt: 0,
    startedAt: null,
    endsAt: Number.MAX_SAFE_INTEGER,
    endedAt: null,
    endedBecause: null,
    runId: null,
  }))
}
