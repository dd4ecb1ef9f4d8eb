import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { handler } from '../reaper.ts'

const past = String(Math.floor(Date.now() / 1000) - 60)
const future = String(Math.floor(Date.now() / 1000) + 3600)
const labels = (expires: string, more: object = {}) => ({ 'bullpen-base': 'b', 'bullpen-expires': expires, ...more })

/** A stand-in for the cloud: two pages of groups, some hosts, and a list of what it was asked to change. */
const groups = [
  [
    { id: 'lapsed', labels: labels(past) },
    { id: 'running', labels: labels(future) },
  ],
  [{ id: 'others', labels: { 'bullpen-base': 'other', 'bullpen-expires': past } }, { id: 'bare' }],
]
const hosts = [
  { id: 'redislapsed', labels: labels(past, { 'bullpen-kind': 'redis' }) },
  { id: 'redisrunning', labels: labels(future, { 'bullpen-kind': 'redis' }) },
  { id: 'worker', labels: labels(past, { 'bullpen-kind': 'workers' }) },
]
let server: Server
let changes: string[]
let status = 200

beforeEach(async () => {
  changes = []
  status = 200
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://cloud')
    const read = request.method === 'GET'
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      if (!read) changes.push(`${request.method!} ${url.pathname} ${body}`.trim())
      response.statusCode = read ? 200 : status
      response.end(JSON.stringify(read ? answerTo(url) : {}))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.env['BULLPEN_API'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.env['BULLPEN_BASE'] = 'b'
  process.env['BULLPEN_FOLDER'] = 'f'
})
afterEach(async () => {
  delete process.env['BULLPEN_API']
  delete process.env['BULLPEN_BASE']
  delete process.env['BULLPEN_FOLDER']
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

function answerTo({ pathname, searchParams }: URL): object {
  if (pathname === '/instances') return { instances: hosts }
  if (pathname.endsWith('/instances')) return { instances: [{ id: 'm1', instanceId: 'host1' }] }
  return searchParams.get('pageToken') === '2'
    ? { instanceGroups: groups[1] }
    : { instanceGroups: groups[0], nextPageToken: '2' }
}

const context = { token: { access_token: 't' } }

test('ends groups and Redis hosts of this base whose term is over, and nothing else', async () => {
  expect(await handler({}, context)).toEqual({ statusCode: 200, body: '{"ended":["lapsed","redislapsed"]}' })
  expect(changes).toEqual(['DELETE /instanceGroups/lapsed', 'DELETE /instances/redislapsed'])
})

test('takes a host that leaves out of its group, which shrinks', async () => {
  await handler({ body: '{"leave":"host1"}' }, context)
  expect(changes).toEqual([
    'POST /instanceGroups/lapsed:deleteInstances {"managedInstanceIds":["m1"],"createAnother":false}',
  ])
})

test('a host that is in no group of this base changes nothing', async () => {
  expect(await handler({ body: '{"leave":"host2"}' }, context)).toEqual({ statusCode: 200, body: '{"ended":[]}' })
  expect(changes).toEqual([])
})

test('what is gone already counts as ended; any other refusal fails, so that the timer tries again', async () => {
  status = 404
  await handler({}, context)
  status = 403
  await expect(handler({}, context)).rejects.toThrow('DELETE instanceGroups/lapsed: 403')
})
