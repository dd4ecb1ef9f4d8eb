import type { Command } from 'commander'
import { amountsInWords, hourlyRate, paidRentals } from '#core/cost'
import type { HourlyPrice } from '#core/protocol'
import { clusterDown, clusterUp, type RaisedCluster } from '../rentals/index.ts'
import {
  addClusterOptions,
  addPriceOptions,
  clusterName,
  hostsOption,
  targetOption,
  upRequest,
  type ClusterOptions,
  type ClusterPlace,
} from './cluster-options.ts'
import type { Session } from './session.ts'
import { wholeNumber } from '#platform/options'

const upExamples = `
Every rented thing is written down before it exists, and ends itself when its term is over. Who works with the cluster
(bullpen train --cluster) renews the term; a guard on this machine takes the cluster down when nobody does.
Again for a cluster that is up: what died is started anew, what lives stays.

Examples:
  $ bullpen cluster up --target local --workers 2
  $ bullpen cluster up --target local --name blue --workers 2 --threads 1 --term 600
  $ bullpen cluster up --target ssh --hosts lab.json --workers 4
  $ bullpen cluster up --target local --workers 2 --price 0.05   (what an hour of a worker here is to cost)
  $ bullpen train --cluster local --candles btc_4h.csv && bullpen cluster down --target local`

const downExamples = `
Ends everything of the cluster and looks again whether something is left, until nothing is. Of a cluster that is not
there it does nothing.

Examples:
  $ bullpen cluster down --target local
  $ bullpen cluster down --target local --name blue`

const nameText = 'name of the cluster (default: the name of its target)'

/** `bullpen cluster up` and `down`. */
export function addClusterChangeCommands(cluster: Command, session: Session): void {
  const up = cluster
    .command('up')
    .description('rent a Redis and workers, and wait until they serve')
    .addOption(targetOption('where: processes here, hosts, a cloud').makeOptionMandatory())
    .addOption(hostsOption())
    .option('--name <cluster>', nameText)
    .option('--threads <n>', 'tasks at a time of each worker (default: its cores)', wholeNumber(1, 1024))
  addPriceOptions(addClusterOptions(up), 'price per hour of each worker that has none: a process here, a host')
    .addHelpText('after', upExamples)
    .action(async (options: ClusterOptions) => {
      const name = clusterName(options.name ?? options.target)
      const site = await session.clusterSite(options)
      session.wouldBeLost(`leaves cluster ${name} to its guard, which takes it down when its term is over`)
      try {
        session.answer(await clusterUp(upRequest(name, options), site, session.signal), raisedLines)
      } finally {
        session.wouldBeLost(null)
      }
    })
  cluster
    .command('down')
    .description('end everything of a cluster, and make sure')
    .addOption(targetOption('where it is').makeOptionMandatory())
    .addOption(hostsOption())
    .option('--name <cluster>', nameText)
    .addHelpText('after', downExamples)
    .action(async ({ name, ...where }: ClusterPlace & { readonly name?: string }) => {
      const { target } = where
      const cluster = clusterName(name ?? target)
      const site = await session.clusterSite(where)
      await clusterDown({ cluster, because: 'cluster down', by: 'coordinator', signal: session.signal }, site)
      session.answer({ cluster, target, phase: 'down' }, () => [`cluster ${cluster} is down, nothing of it is left`])
    })
}

/** Hosts, and what an hour of it all costs. */
export function raisedLines({ outputs, rentals, endsAt }: RaisedCluster): string[] {
  const { cluster, target, redisUrl } = outputs
  const hosts = rentals.map(({ name, place, price }) => `  ${name}  ${place}  ${priceText(price)}`)
  const perHour = hourlyRate(paidRentals(rentals, Date.now()))
  const money = Object.keys(perHour).length === 0 ? 'no price is known' : `${amountsInWords(perHour)} an hour`
  return [
    `cluster ${cluster} is up at ${target} until ${new Date(endsAt).toISOString()} unless renewed: ${money}`,
    ...hosts,
    `  queue  ${redisUrl}`,
  ]
}

function priceText(price: HourlyPrice | null): string {
  return price === null ? 'no price' : `${price.perHour} ${price.currency}/h`
}
