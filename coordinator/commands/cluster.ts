import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { clusterStatus, statusLines } from '../cluster/index.ts'
import type { Session } from './session.ts'
import { wholeNumber } from './whole-number.ts'

interface StatusOptions {
  readonly watch: boolean
  readonly every: number
}

const examples = `
A straggler is a task that has run four times as long as its kind takes on average. Costs are hours since an agent
joined times the price it was started with.

Examples:
  $ bullpen cluster status
  $ bullpen cluster status --watch
  $ bullpen cluster status --watch --every 10 --json >> cluster.jsonl`

/** `bullpen cluster`: who serves the shared queues and how they are doing. */
export function addClusterCommands(program: Command, session: Session): void {
  program
    .command('cluster')
    .description('the agents that serve shared queues')
    .command('status')
    .description('hosts, threads, queues, tasks per second, stragglers and cost so far')
    .option('--watch', 'again and again until Ctrl-C: in place on a terminal, one JSON line each otherwise', false)
    .option('--every <seconds>', 'how often with --watch', wholeNumber(1, 3600), 2)
    .addHelpText('after', examples)
    .action(async ({ watch, every }: StatusOptions) => {
      const { workshop, now, signal } = session
      const [fleet, ledger] = [await workshop.fleet(), await workshop.ledger()]
      if (!watch) {
        session.answer(await clusterStatus(fleet, ledger, now), statusLines)
        return
      }
      while (!signal.aborted) {
        session.refresh(await clusterStatus(fleet, ledger, now), statusLines)
        await sleep(every * 1000, undefined, { signal }).catch(() => undefined)
      }
    })
}
