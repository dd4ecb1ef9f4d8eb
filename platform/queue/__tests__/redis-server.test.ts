import { existsSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { RedisServer } from '#platform/queue/testing'

test('a throwaway server keeps its port and its appended data over a kill, and nothing without', async () => {
  for (const appendonly of [true, false]) {
    const server = await RedisServer.start({ appendonly, password: 'secret' })
    const { port } = server
    await server.command('SET', 'a', 'b')
    await server.restart()
    expect(server.port).toBe(port)
    expect(await server.command('GET', 'a')).toBe(appendonly ? 'b' : null)
    await server.flush()
    expect(await server.command('DBSIZE')).toBe(0)
    const pid = server.pid!
    await server.stop()
    await server.stop()
    expect(existsSync(`/proc/${pid}`)).toBe(false)
  }
})

test('a throwaway server with TLS and a user answers those who know both', async () => {
  const server = await RedisServer.start({ tls: true, user: { name: 'pool', password: 'secret' } })
  expect(server.url).toBe(`rediss://pool:secret@127.0.0.1:${server.port}`)
  expect(await server.command('PING')).toBe('PONG')
  await server.stop()
})
