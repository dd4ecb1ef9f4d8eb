import { asBullpenError, BullpenError } from '#core/errors'
import type { Agent, ClusterOutputs, ClusterRequest, Rental } from '#core/protocol'
import { counted } from '../counted.ts'
import { untilSo, type ClusterSite } from './cluster-site.ts'

/** A cluster whose target says that it runs. */
export interface JoiningCluster {
  readonly request: ClusterRequest
  readonly rentals: readonly Rental[]
  readonly outputs: ClusterOutputs
  /** How long its agents may take to join the fleet, ms; once more so long after a fallback. */
  readonly joinMs: number
}

/** Who has come. */
interface Attendance {
  readonly joined: number
  readonly wanted: number
  /** Workers of which nobody has come. */
  readonly absent: readonly string[]
}

/**
 * Waits until each worker has its agent in the fleet, and a group as many as it has hosts.
 *
 *     waiting ─┬─ all have joined ───────────────────────────────────────────────────────────────▶ done
 *              └─ joinMs are over ─▶ fallback, where the target has one ─▶ waiting once more ──┬─▶ done, with those who came
 *                                                                                              └─▶ NO_WORKERS: nobody of a worker
 *
 * A group may be incomplete for as long as its cloud has no more hosts to give; a worker of its own may not.
 *
 * @throws NO_WORKERS, DATABASE_UNAVAILABLE, the reason of `signal`
 */
export async function agentsJoin(joining: JoiningCluster, site: ClusterSite, signal: AbortSignal): Promise<void> {
  const { request, joinMs } = joining
  const { cluster } = request
  let attendance = await attendanceWithin(joining, site, signal)
  if (attendance.joined < attendance.wanted) {
    site.note(`cluster ${cluster}: ${inWords(attendance)} after ${joinMs / 1000} s`)
    if (await fellBack(joining, attendance, site, signal)) attendance = await attendanceWithin(joining, site, signal)
  }
  if (attendance.absent.length > 0) {
    const names = attendance.absent.join(', ')
    throw new BullpenError('NO_WORKERS', { route: `cluster ${cluster} (${names})`, seconds: joinMs / 1000 })
  }
  site.note(`cluster ${cluster}: ${inWords(attendance)}`)
}

/** Waits for all, `joinMs` at most; answers who has come by then. */
async function attendanceWithin(
  { outputs, joinMs }: JoiningCluster,
  { books }: ClusterSite,
  signal: AbortSignal,
): Promise<Attendance> {
  const late = AbortSignal.timeout(joinMs)
  let attendance = attendanceOf(outputs, [])
  const haveJoined = async (): Promise<boolean> => {
    attendance = attendanceOf(outputs, await books.use(({ fleet }) => fleet.list()))
    return attendance.joined === attendance.wanted
  }
  await untilSo(haveJoined, AbortSignal.any([signal, late])).catch((error: unknown) => {
    if (signal.aborted || !late.aborted) throw error
  })
  return attendance
}

/** The name of a worker in the fleet is `<cluster>.<worker>`; hosts of a group share one. */
function attendanceOf({ cluster, workers }: ClusterOutputs, agents: readonly Agent[]): Attendance {
  const running = agents.filter(({ state }) => state === 'running').map(({ host }) => host)
  const looked = workers.map(({ name, hosts = 1 }) => {
    // A group that has shrunk to nothing is no cluster.
    const wanted = Math.max(1, hosts)
    const here = running.filter((host) => host === `${cluster}.${name}`).length
    return { name: `${cluster}.${name}`, wanted, joined: Math.min(here, wanted) }
  })
  const sum = (of: 'wanted' | 'joined') => looked.reduce((all, one) => all + one[of], 0)
  const absent = looked.filter(({ joined }) => joined === 0).map(({ name }) => name)
  return { joined: sum('joined'), wanted: sum('wanted'), absent }
}

/** Whether the target takes in another way what is missing. One that fails at it keeps who has come. */
async function fellBack(
  { request, rentals }: JoiningCluster,
  { joined, wanted }: Attendance,
  { target, note }: ClusterSite,
  signal: AbortSignal,
): Promise<boolean> {
  if (!target.fallBack) return false
  try {
    const { workers, told } = await target.fallBack(request, rentals, wanted, signal)
    note(`cluster ${request.cluster}: ${told}`)
    return workers > 0
  } catch (error) {
    if (joined === 0 || signal.aborted) throw error
    note(`cluster ${request.cluster}: ${asBullpenError(error).message}; it goes on with who has joined`)
    return false
  }
}

function inWords({ joined, wanted }: Attendance): string {
  return `${joined} of ${counted(wanted, 'worker')} have joined the fleet`
}
