import type { Agent, LeasedTask, RouteLoad } from '#core/protocol'
import type { AdminSources } from './admin-sources.ts'

/** What the parts answered; a part that did not answer leaves its lists empty and its `up` false. */
export interface ClusterFigures {
  readonly up: { readonly postgres?: boolean; readonly redis?: boolean }
  readonly agents: readonly Agent[]
  readonly loads: readonly RouteLoad[]
  readonly leased: readonly LeasedTask[]
}

/** Asks every part at once and waits for none of them longer than `timeoutMs`, so that one that is dead hides no other. */
export async function clusterFigures(
  { fleet, ledger, pingRedis }: AdminSources,
  timeoutMs: number,
): Promise<ClusterFigures> {
  const within = <T>(ask: (() => Promise<T>) | undefined) => answered(ask, timeoutMs)
  const [agents, loads, leased, redis] = await Promise.all([
    within(fleet && (() => fleet.list())),
    within(ledger && (() => ledger.load())),
    within(ledger && (() => ledger.leased())),
    within(pingRedis),
  ])
  const postgres = [agents, loads, leased].filter((answer) => answer !== undefined)
  return {
    up: {
      ...(postgres.length > 0 ? { postgres: postgres.every(({ ok }) => ok) } : {}),
      ...(redis ? { redis: redis.ok } : {}),
    },
    agents: agents?.value ?? [],
    loads: loads?.value ?? [],
    leased: leased?.value ?? [],
  }
}

interface Answer<T> {
  readonly ok: boolean
  readonly value?: T
}

async function answered<T>(ask: (() => Promise<T>) | undefined, timeoutMs: number): Promise<Answer<T> | undefined> {
  if (!ask) return undefined
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false })
    }, timeoutMs)
  })
  const answer = ask().then(
    (value) => ({ ok: true, value }),
    () => ({ ok: false }),
  )
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer)
  })
}
