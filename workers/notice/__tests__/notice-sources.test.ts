import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { AwsNotice } from '../aws-notice.ts'
import { CommandNotice } from '../command-notice.ts'
import { FileNotice } from '../file-notice.ts'
import { noticeSourceOf } from '../notice-source-of.ts'
import { watchNotices } from '../watch-notices.ts'
import { AwsDouble } from './aws-double.ts'

const folder = mkdtempSync(join(tmpdir(), 'bullpen-notice-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

let aws: AwsDouble
let source: AwsNotice
const stop = new AbortController()
beforeEach(async () => {
  aws = new AwsDouble()
  source = new AwsNotice(await aws.listen())
})
afterEach(() => aws.close())

test('AWS: no document is no notice, and one session token serves many checks', async () => {
  expect(await source.check(stop.signal)).toBeNull()
  expect(await source.check(stop.signal)).toBeNull()
  expect(aws.tokensGiven).toBe(1)
})

test('AWS: an instance action is a notice that names when', async () => {
  const time = '2030-05-06T07:08:09Z'
  aws.documents.set('spot/instance-action', JSON.stringify({ action: 'terminate', time }))
  const notice = { reason: `spot notice: terminate at ${time}`, at: Date.parse(time) }
  expect(await source.check(stop.signal)).toEqual(notice)
})

test('AWS: a rebalance recommendation is a notice without a time', async () => {
  aws.documents.set('events/recommendations/rebalance', JSON.stringify({ noticeTime: '2030-05-06T07:08:09Z' }))
  expect(await source.check(stop.signal)).toEqual({ reason: 'spot rebalance recommendation', at: null })
})

test('AWS: a token that ran out is replaced with the next check; a failing service throws', async () => {
  await source.check(stop.signal)
  aws.expireTokens()
  await expect(source.check(stop.signal)).rejects.toThrow('401')
  expect(await source.check(stop.signal)).toBeNull()
  expect(aws.tokensGiven).toBe(2)
  aws.failWith = 503
  await expect(source.check(stop.signal)).rejects.toThrow('503')
})

test('a file is a notice once it is there, its first line the reason', async () => {
  const path = join(folder, 'leave')
  const file = new FileNotice(path)
  expect(await file.check()).toBeNull()
  writeFileSync(path, '')
  expect(await file.check()).toEqual({ reason: `file ${path} appeared`, at: null })
  writeFileSync(path, 'the host is sold\nreally\n')
  expect(await file.check()).toEqual({ reason: 'the host is sold', at: null })
})

test('a command that ends with status 0 is a notice, what it prints first the reason', async () => {
  expect(await new CommandNotice('echo going; echo gone').check(stop.signal)).toEqual({ reason: 'going', at: null })
  expect(await new CommandNotice('true').check(stop.signal)).toEqual({ reason: 'command true said so', at: null })
  expect(await new CommandNotice('echo not yet; exit 1').check(stop.signal)).toBeNull()
})

test('a command that cannot be run, or never ends, is trouble and no notice', async () => {
  await expect(new CommandNotice('no-such-command-here').check(stop.signal)).rejects.toThrow('status 127')
  await expect(new CommandNotice('exec sleep 60', 50).check(stop.signal)).rejects.toThrow('50 ms')
})

test('sources are polled until one has a notice; trouble is told once until it has passed', async () => {
  const answers = ['down', 'down', null, 'down', { reason: 'now', at: null }]
  const flaky = {
    describe: 'the test',
    check: () => {
      const answer = answers.shift()!
      return typeof answer === 'string' ? Promise.reject(new Error(answer)) : Promise.resolve(answer)
    },
  }
  const never = { describe: 'never', check: () => Promise.resolve(null) }
  const troubles: string[] = []
  const watching = new AbortController()
  const watch = { everyMs: 1, signal: watching.signal, onTrouble: (text: string) => troubles.push(text) }
  expect(await watchNotices([never, flaky], watch)).toEqual({ reason: 'now', at: null })
  watching.abort()
  expect(troubles).toEqual(Array(2).fill('notices cannot be asked of the test: down'))
})

test('a setting names a source, or is wrong usage', () => {
  expect(noticeSourceOf('aws').describe).toBe('the instance metadata at http://169.254.169.254')
  expect(noticeSourceOf('file:/run/leave').describe).toBe('file /run/leave')
  expect(noticeSourceOf('command:test -e /x').describe).toBe('command test -e /x')
  for (const wrong of ['gcp', 'file:', 'command', '']) {
    expect(() => noticeSourceOf(wrong)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  }
})
