import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openOtlpReceiver, type OtlpReceiver } from '#platform/telemetry/testing'
import { documentOf, makeHome, startBullpen } from './testing/command.ts'

const { home, remove } = makeHome()
let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await openOtlpReceiver()
})
afterAll(async () => {
  await receiver.close()
  remove()
})

const small = ['--space', 'quick', '--trials', '2', '--folds', '2', '--threads', '2', '--json']

test('a run can be watched on its admin port and as one trace', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint }
  const args = ['train', '--candles', 'sample:btcusdt-4h', ...small, '--admin-port', '0']
  const command = startBullpen(args, home, environment)
  let stderr = ''
  command.child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await command.saw(/trial/)
  const path = join(home, 'admin-token')
  const token = await readFile(path, 'utf8')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const url = /admin port: (http:\/\/127\.0\.0\.1:\d+), user bullpen, token in (\S+)/.exec(stderr)
  expect(url?.[2]).toBe(path)
  expect((await fetch(`${url![1]}/metrics`)).status).toBe(401)
  const headers = { authorization: `Bearer ${token}` }
  const metrics = await (await fetch(`${url![1]}/metrics`, { headers })).text()
  expect(metrics).toMatch(/bullpen_run_info\{run="[\w-]+",stage="search"\} 1/)

  const result = await command.done
  const { runId } = documentOf<{ runId: string }>(result)
  expect(metrics).toContain(`run="${runId}"`)
  expect(stderr).not.toContain(token)
  expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(1)
  const names = receiver.spans.map(({ name }) => name)
  expect(names.filter((name) => name === 'trial')).toHaveLength(2)
  expect(names.filter((name) => name === 'task fold')).toHaveLength(4)
  expect(names).toEqual(expect.arrayContaining(['run', 'stage features', 'stage search', 'stage register']))
  expect(receiver.spans.find(({ name }) => name === 'run')!.attributes['bullpen.run']).toBe(runId)
}, 240_000)

test('a command that trains nothing does not load OpenTelemetry', async () => {
  const script = `process.argv = ['node', 'bullpen', '--version']
    process.on('exit', () => console.log(Object.keys(cache).join()))
    const cache = (await import('node:module')).default._cache
    await import('${resolve('dist/coordinator/main/bullpen.js')}')`
  const env = { ...process.env, BULLPEN_HOME: home, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint }
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env })
  expect(stdout).toContain('commander')
  // The metrics of agents load the bare interface, which does nothing by itself.
  expect(stdout).not.toMatch(/@opentelemetry\/(?!api\/)|bullmq|fastify/)
})
