import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readWebhookEndpoint } from '../webhook-endpoint.ts'
import { webhookId, webhookKinds, type WebhookEvent, type WebhookKind } from '../webhook-event.ts'
import { inWords, webhookBody } from '../templates.ts'

const finished: WebhookEvent = {
  key: 'run.finished/20260105-060000-1f3a9c',
  kind: 'run.finished',
  at: Date.parse('2026-01-05T06:12:00Z'),
  facts: {
    run: '20260105-060000-1f3a9c',
    version: 7,
    verdict: 'buy',
    auc: 0.6123,
    promotion: 'better than <3> & cheap',
  },
}

describe('the message of an event', () => {
  test('is JSON with type, time and facts', () => {
    expect(webhookBody(finished, 'json')).toBe(
      '{"type":"run.finished","timestamp":"2026-01-05T06:12:00.000Z","key":"run.finished/20260105-060000-1f3a9c","data":{"run":"20260105-060000-1f3a9c","version":7,"verdict":"buy","auc":0.6123,"promotion":"better than <3> & cheap"}}',
    )
  })

  test('is blocks for Slack', () => {
    expect(JSON.parse(webhookBody(finished, 'slack'))).toEqual({
      text: 'Run 20260105-060000-1f3a9c finished: model version 7',
      blocks: [
        {
          type: 'section',
          text: { type: 'mrkdwn', text: '✅ *Run 20260105-060000-1f3a9c finished: model version 7*', verbatim: true },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: 'verdict: buy\nauc: 0.6123\npromotion: better than &lt;3&gt; &amp; cheap',
            verbatim: true,
          },
        },
      ],
    })
  })

  test('is HTML for Telegram', () => {
    expect(JSON.parse(webhookBody(finished, 'telegram'))).toEqual({
      text: '✅ <b>Run 20260105-060000-1f3a9c finished: model version 7</b>\nverdict: buy\nauc: 0.6123\npromotion: better than &lt;3&gt; &amp; cheap',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    })
  })

  test('has words for every kind, and a question mark for a fact that is not known', () => {
    const titles = webhookKinds.map((kind) => inWords({ ...finished, kind, facts: {} }).title)
    expect(titles).toEqual([
      'Run ? started on ?',
      'Run ? finished: model version ?',
      'Run ? failed: ?',
      'Version ? is now ?',
      'Version ? did not become ?: ?',
      '? was rolled back to version ?',
      'Leak at target ?: ? found',
      'No new candles of ?',
      'Schedule ? missed its run of ?',
      'bullpen can reach this endpoint',
    ])
  })

  test('has what the services demand, within their limits and escaped, whatever happened', () => {
    // docs.slack.dev: reference/block-kit/blocks/section-block, composition-objects/text-object, "Escaping text".
    // core.telegram.org/bots/api: sendMessage, "HTML style". The chat_id stands in the address.
    const fact = fc.string({ maxLength: 2000, unit: fc.constantFrom('&', '<', '>', '"', 'x', '\n', '💸') })
    const names = [
      'run',
      'code',
      'reason',
      'version',
      'alias',
      'what',
      ...Array.from({ length: 30 }, (_, i) => `f${i}`),
    ]
    const facts = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fact), { selector: ([name]) => name })
    fc.assert(
      fc.property(fc.constantFrom(...webhookKinds), facts, (kind, pairs) => {
        const event = { ...finished, kind, facts: Object.fromEntries(pairs) }
        const slack = JSON.parse(webhookBody(event, 'slack')) as SlackMessage
        expect(slack.text.length).toBeGreaterThan(0)
        expect(slack.blocks.length).toBeGreaterThan(0)
        expect(slack.blocks.length).toBeLessThanOrEqual(50)
        for (const block of slack.blocks) {
          expect(block).toMatchObject({ type: 'section', text: { type: 'mrkdwn' } })
          expect(block.text.text.length).toBeGreaterThan(0)
          expect(block.text.text.length).toBeLessThanOrEqual(3000)
        }
        for (const text of [slack.text, ...slack.blocks.map((block) => block.text.text)]) {
          expect(text.replaceAll(entity, '')).not.toMatch(/[&<>]|\p{Surrogate}/u)
        }
        const telegram = JSON.parse(webhookBody(event, 'telegram')) as { text: string; parse_mode: string }
        expect(telegram.parse_mode).toBe('HTML')
        expect(telegram.text.length).toBeGreaterThan(0)
        expect(telegram.text.length).toBeLessThanOrEqual(4096)
        const inner = /^[^<]* <b>([^<]*)<\/b>([^<]*)$/.exec(telegram.text)
        expect(inner).not.toBeNull()
        expect(`${inner![1]!}${inner![2]!}`.replaceAll(entity, '')).not.toMatch(/[&<>]|\p{Surrogate}/u)
      }),
      // Texts that are cut: inside an entity, inside a pair of surrogates, in a title, after many facts.
      { numRuns: 100, seed: 9, examples: [...cutTexts] },
    )
  })
})

interface SlackMessage {
  readonly text: string
  readonly blocks: readonly { readonly type: string; readonly text: { readonly type: string; readonly text: string } }[]
}

const cutTexts: readonly [WebhookKind, [string, string][]][] = [
  ['data.stale', [['what', '&'.repeat(2000)]]],
  ['data.stale', [['what', '💸'.repeat(400)]]],
  [
    'run.failed',
    [
      ['run', 'rr'],
      ['code', '&'.repeat(2000)],
    ],
  ],
  ['data.stale', Array.from({ length: 40 }, (_, i) => [`fact${i}`, '<'.repeat(2000)])],
]

/** All that either service wants escaped. */
const entity = /&(amp|lt|gt);/g

test('an event keeps its id, and another has another', () => {
  expect(webhookId(finished)).toBe(webhookId({ ...finished, at: 1 } as WebhookEvent))
  expect(webhookId(finished)).toMatch(/^evt_[0-9a-f]{24}$/)
  expect(webhookId({ key: 'run.finished/other' })).not.toBe(webhookId(finished))
})

describe('the address of an endpoint', () => {
  test.each([
    ['https://example.com/hook?key=1', 'json', 'json example.com'],
    ['slack+https://hooks.slack.com/services/T/B/x', 'slack', 'slack hooks.slack.com'],
    ['telegram+https://api.telegram.org/bot1:secret/sendMessage?chat_id=-5', 'telegram', 'telegram api.telegram.org'],
    ['http://127.0.0.1:8080/hook', 'json', 'json 127.0.0.1:8080'],
    ['slack+http://[::1]:8080/hook', 'slack', 'slack [::1]:8080'],
  ])('%s is read, and described without what may be secret', (text, format, describe) => {
    expect(readWebhookEndpoint(text)).toMatchObject({ format, describe, id: expect.stringMatching(/^[0-9a-f]{16}$/) })
  })

  test.each([
    ['http://example.com/hook', 'plain http'],
    ['http://127.0.0.1.example.com/', 'plain http'],
    ['http://localhost.example.com/', 'plain http'],
    ['ftp://example.com', 'not an address'],
    ['https://user:secret@example.com/', 'a user or a password'],
    ['telegram+https://api.telegram.org/bot1:secret/sendMessage', 'no chat'],
    ['mail+https://example.com', 'not an address'],
  ])('%s is refused without repeating it', (text, why) => {
    expect(readWebhookEndpoint(text)).toContain(why)
    expect(readWebhookEndpoint(text)).not.toContain('secret')
  })
})
