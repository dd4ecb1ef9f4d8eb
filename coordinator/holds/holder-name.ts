import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { identify, isAlive } from '#platform/processes'

/**
 * What this process is called in a hold: `host/pid/pid namespace/start`. The start tells it from a later process with
 * the same pid, the namespace from one in another container that shares the host's name.
 */
export function thisHolder(): string {
  return [hostname(), process.pid, pidNamespace(), identify(process.pid)?.started ?? ''].join('/')
}

/** True when `holder` was a process of this very machine that no longer runs; false when it runs or cannot be known. */
export function isDeadHere(holder: string, here: string = thisHolder()): boolean {
  const theirs = parse(holder)
  const ours = parse(here)
  if (theirs === null || ours === null || theirs.machine !== ours.machine) return false
  return !isAlive({ pid: theirs.pid, started: theirs.started })
}

/** True when two holders are processes that could look each other up: same host, pid namespace and boot. */
export function areNeighbours(one: string, other: string): boolean {
  const machine = parse(one)?.machine
  return machine !== undefined && machine === parse(other)?.machine
}

/** A holder for people: `host (process 4711)`. */
export function describeHolder(holder: string): string {
  const parsed = parse(holder)
  return parsed === null ? holder : `${parsed.host} (process ${parsed.pid})`
}

function parse(holder: string) {
  const [host, pid, namespace, ...start] = holder.split('/')
  if (host === undefined || namespace === undefined || start.length === 0 || !/^\d+$/.test(pid!)) return null
  const started = start.join('/')
  // On Linux a start is boot id and tick; elsewhere it is a date, which holds across reboots as well.
  const boot = start.length > 1 ? start[0]! : ''
  return { host, pid: Number(pid), started, machine: [host, namespace, boot].join('/') }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  } catch {
    return '-'
  }
}
