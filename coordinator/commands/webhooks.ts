import type { Command } from 'commander'
import { formatTime } from '#core/candles'
import { BullpenError } from '#core/errors'
import { inWords, type DeliveryRecord } from '#core/webhooks'
import { columnsOf } from '../columns-of.ts'
import type { Session } from './session.ts'
import { wholeNumber } from '#platform/options'

const examples = `
Endpoints are those of BULLPEN_WEBHOOKS; docs/operations.md says how receivers verify what they get.

Examples:
  $ BULLPEN_WEBHOOKS="slack+https://hooks.slack.com/services/..." bullpen webhooks test
  $ bullpen webhooks list --limit 50`

/** `bullpen webhooks`: who is told what happens, and whether they were. */
export function addWebhookCommands(program: Command, session: Session): void {
  const webhooks = program.command('webhooks').description('tell other services what happens: test, list')
  webhooks
    .command('test')
    .description('tell every configured endpoint that it can be reached, and deliver what waits')
    .addHelpText('after', examples)
    .action(() => test(session))
  webhooks
    .command('list')
    .description('events and whether endpoints were told, newest first')
    .option('--limit <n>', 'how many', wholeNumber(1, 10_000), 20)
    .addHelpText('after', examples)
    .action(async ({ limit }: { readonly limit: number }) => {
      const outbox = await session.workshop.webhookOutbox()
      session.answer(await outbox.list(limit), listLines)
    })
}

async function test(session: Session): Promise<void> {
  const { workshop, now } = session
  const { webhooks: endpoints } = workshop.config
  if (endpoints.length === 0) throw new BullpenError('USAGE', { reason: 'BULLPEN_WEBHOOKS names no endpoint' })
  const [courier, outbox] = [await workshop.webhooks(), await workshop.webhookOutbox()]
  const at = now()
  const key = `webhook.test/${at}-${process.pid}`
  await courier.tell({ key, kind: 'webhook.test', at, facts: {} })
  await courier.deliverDue()
  const tests = (await outbox.list(1000)).filter(({ event }) => event.key === key)
  if (tests.length < endpoints.length || tests.some(({ state }) => state !== 'delivered')) session.fail()
  session.answer(tests, listLines)
}

function listLines(deliveries: readonly DeliveryRecord[]): string[] {
  if (deliveries.length === 0) return ['no event was told to any endpoint']
  const rows = deliveries.map(({ event, endpoint, state, attempts, status, reason, nextAt }) => [
    formatTime(event.at),
    endpoint,
    nextAt === null ? state : `${state}, next ${formatTime(nextAt)}`,
    String(attempts),
    reason ?? (status === null ? '' : `HTTP ${status}`),
    inWords(event).title,
  ])
  return columnsOf([['at', 'endpoint', 'state', 'tries', 'answer', 'event'], ...rows])
}
