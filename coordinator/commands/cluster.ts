import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { wholeNumber } from '#platform/options'
import { clusterStatus, statusLines, type ClusterStatus } from '../cluster/index.ts'
import { rentedClusters, rentedLines, type RentedCluster } from '../rentals/index.ts'
import { addClusterChangeCommands } from './cluster-changes.ts'
import type { Session } from './session.ts'

interface StatusOptions {
  readonly watch: boolean
  readonly every: number
}

/** Agents and queues, and the clusters that are rented. */
interface WholeStatus extends ClusterStatus {
  readonly rented: readonly RentedCluster[]
}

const examples = `
A straggler is a task that has run four times as long as its kind takes on average. Costs are hours since an agent
joined times the price it was started with; of a cluster of \`bullpen cluster up\`, hours since each thing was rented.

Examples:
  $ bullpen cluster status
  $ bullpen cluster status --watch
  $ bullpen cluster status --watch --every 10 --json >> cluster.jsonl`

/** `bullpen cluster`: who serves the shared queues and how they are doing. */
export function addClusterCommands(program: Command, session: Session): void {
  const cluster = program.command('cluster').description('rent workers, and see the agents that serve shared queues')
  addClusterChangeCommands(cluster, session)
  cluster
    .command('status')
    .description('rented clusters, hosts, threads, queues, tasks per second, stragglers and cost so far')
    .option('--watch', 'again and again until Ctrl-C: in place on a terminal, one JSON line each otherwise', false)
    .option('--every <seconds>', 'how often with --watch', wholeNumber(1, 3600), 2)
    .addHelpText('after', examples)
    .action(async ({ watch, every }: StatusOptions) => {
      const { workshop, now, signal } = session
      const [fleet, ledger] = [await workshop.fleet(), await workshop.ledger()]
      const look = async (): Promise<WholeStatus> => ({
        ...(await clusterStatus(fleet, ledger, now)),
        rented: await session.books().use((books) => rentedClusters(books, now())),
      })
      if (!watch) {
        session.answer(await look(), wholeLines)
        return
      }
      while (!signal.aborted) {
        session.refresh(await look(), wholeLines)
        await sleep(every * 1000, undefined, { signal }).catch(() => undefined)
      }
    })
}

function wholeLines({ rented, ...status }: WholeStatus): string[] {
  return [...rentedLines(rented), ...statusLines(status)]
}
