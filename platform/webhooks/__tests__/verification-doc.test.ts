import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readWebhookEndpoint, type WebhookEvent } from '#core/webhooks'
import { postWebhook } from '../post-webhook.ts'

// The example of docs/operations.md, as a receiver would copy it, beside real deliveries.

type Headers = Readonly<Record<string, string | undefined>>
type Verify = (headers: Headers, body: string, secret: string) => boolean

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const folder = mkdtempSync(join(tmpdir(), 'bullpen-receiver-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

let isFromBullpen: Verify
beforeAll(async () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  const [, code = ''] = /^```js webhook-verification\n(.*?)^```$/ms.exec(page) ?? []
  const file = join(folder, 'receiver.mjs')
  writeFileSync(file, code)
  ;({ isFromBullpen } = (await import(pathToFileURL(file).href)) as { isFromBullpen: Verify })
})

/** What an endpoint on this machine gets of an event. */
async function delivered(now: number): Promise<{ readonly headers: Headers; readonly body: string }> {
  let got: { headers: Headers; body: string } | undefined
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got = { headers: request.headers as Headers, body: Buffer.concat(chunks).toString() }
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const endpoint = readWebhookEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`)
    if (typeof endpoint === 'string') throw new Error(endpoint)
    const event: WebhookEvent = { key: 'k', kind: 'data.stale', at: now, facts: { series: 'BTC/USDT 4h — “späť”' } }
    const signal = new AbortController().signal
    expect(await postWebhook(endpoint, event, { secret, timeoutMs: 20_000, now, signal })).toMatchObject({ ok: true })
    return got!
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('the receiver of docs/operations.md takes what bullpen sends, also while the secret is being changed', async () => {
  const { headers, body } = await delivered(Date.now())
  expect(isFromBullpen(headers, body, secret)).toBe(true)
  const both = `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']!}`
  expect(isFromBullpen({ ...headers, 'webhook-signature': both }, body, secret)).toBe(true)
})

test('it refuses everything else', async () => {
  const { headers, body } = await delivered(Date.now())
  const other = `whsec_${Buffer.alloc(32, 6).toString('base64')}`
  const later = String(Number(headers['webhook-timestamp']) + 1)
  expect(isFromBullpen(headers, body.replace('BTC', 'ETH'), secret)).toBe(false)
  expect(isFromBullpen({ ...headers, 'webhook-id': 'evt_other' }, body, secret)).toBe(false)
  expect(isFromBullpen({ ...headers, 'webhook-timestamp': later }, body, secret)).toBe(false)
  expect(isFromBullpen(headers, body, other)).toBe(false)
  expect(isFromBullpen({}, body, secret)).toBe(false)
  expect(isFromBullpen({ ...headers, 'webhook-signature': undefined }, body, secret)).toBe(false)
})

test('it refuses what is older than five minutes, and what is from as far in the future', async () => {
  for (const now of [Date.now() - 302_000, Date.now() + 320_000]) {
    const { headers, body } = await delivered(now)
    expect(isFromBullpen(headers, body, secret)).toBe(false)
  }
})
