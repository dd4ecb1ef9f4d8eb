import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isSignedRequest, isWebhookSecret, signatureHeaders } from '../signature.ts'

// The example of the specification's own tests (github.com/standard-webhooks/standard-webhooks).
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const parts = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' }

describe('a signature', () => {
  test('is that of the specification', () => {
    expect(signatureHeaders(parts, secret)['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  test('holds for what was signed, and for nothing else', () => {
    const headers = signatureHeaders(parts, secret)
    const now = parts.timestamp + 299
    expect(isSignedRequest(headers, parts.body, secret, { now })).toBe(true)
    expect(isSignedRequest(headers, parts.body, secret, { now: now + 2 })).toBe(false)
    expect(isSignedRequest(headers, parts.body, secret, { now: parts.timestamp - 301 })).toBe(false)
    const otherVersion = { ...headers, 'webhook-signature': headers['webhook-signature']!.replace('v1,', 'v2,') }
    expect(isSignedRequest(otherVersion, parts.body, secret, { now })).toBe(false)
    expect(isSignedRequest({ ...headers, 'webhook-id': 'other' }, parts.body, secret, { now })).toBe(false)
    expect(isSignedRequest({ ...headers, 'webhook-timestamp': '1614265331' }, parts.body, secret, { now })).toBe(false)
    expect(isSignedRequest(headers, parts.body, `whsec_${Buffer.alloc(24).toString('base64')}`, { now })).toBe(false)
    fc.assert(
      fc.property(fc.string(), (body) => isSignedRequest(headers, body, secret, { now }) === (body === parts.body)),
      { numRuns: 50, seed: 3 },
    )
  })

  test('is found among several, while a secret is being changed', () => {
    const headers = signatureHeaders(parts, secret)
    const both = { ...headers, 'webhook-signature': `v1,AAAA v1a,BBBB ${headers['webhook-signature']!}` }
    expect(isSignedRequest(both, parts.body, secret, { now: parts.timestamp })).toBe(true)
    expect(isSignedRequest({}, parts.body, secret, { now: parts.timestamp })).toBe(false)
  })

  test('a secret is whsec_ and 24 to 64 bytes in base64', () => {
    expect(isWebhookSecret(secret)).toBe(true)
    for (const wrong of [
      '',
      'secret',
      secret.slice(6),
      'whsec_c2hvcnQ=',
      `whsec_${Buffer.alloc(65).toString('base64')}`,
    ]) {
      expect(isWebhookSecret(wrong)).toBe(false)
    }
  })
})
