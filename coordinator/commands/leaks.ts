import type { Command } from 'commander'
import { sha256 } from '#core/hashing'
import { findLeaks, type LeakReport } from '../rentals/index.ts'
import { hostsOption, targetOption, type ClusterPlace } from './cluster-options.ts'
import type { Session } from './session.ts'

const examples = `
Compares the ledger of rentals with what is really there, both ways: processes, hosts, folders, state and locks that
have no rental in its term, and rentals of things that are gone. Exit status 1 when there is a difference.

Examples:
  $ bullpen leaks --target local
  $ bullpen leaks --target local --reap
  $ bullpen leaks --target ssh --json`

/** `bullpen leaks`. */
export function addLeaksCommand(program: Command, session: Session): void {
  program
    .command('leaks')
    .description('what is rented and should not be, or should be and is not')
    .addOption(targetOption('where to look').makeOptionMandatory())
    .addOption(hostsOption())
    .option('--reap', 'end it', false)
    .addHelpText('after', examples)
    .action(async ({ reap, ...where }: ClusterPlace & { readonly reap: boolean }) => {
      const report = await findLeaks(await session.clusterSite(where), { reap })
      if (report.leaks.length > 0) {
        session.fail()
        await tellOf(report, session)
      }
      session.answer(report, leakLines)
    })
}

/** The same leaks are told once, however often they are looked for. */
async function tellOf({ target, leaks, reaped }: LeakReport, { workshop, now }: Session): Promise<void> {
  const found = leaks.map(({ rental, cluster, item }) => `${cluster} ${rental} ${item?.detail ?? ''}`).sort()
  const key = `leak.found/${target}/${sha256(found.join('\n')).slice(0, 16)}`
  const facts = {
    target,
    count: leaks.length,
    clusters: [...new Set(leaks.map(({ cluster }) => cluster))].join(' '),
    reaped,
  }
  const webhooks = await workshop.webhooks()
  await webhooks.tell({ key, kind: 'leak.found', at: now(), facts })
}

function leakLines({ target, leaks, reaped }: LeakReport): string[] {
  if (leaks.length === 0) return [`no leak at ${target}`]
  const lines = leaks.map(({ rental, cluster, item, because }) => {
    const what = item ? `${item.what} on ${item.place}, ${item.detail}` : 'nothing'
    return `leak  ${rental === '' ? cluster : rental}  ${what}: ${because}`
  })
  return reaped ? [...lines, 'ended; run it again to make sure'] : lines
}
