import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { kubernetesObjects } from '../infra-deploy/kubernetes-objects.ts'
import { alerts } from '../infra-deploy/objects/alerts.ts'
import { dashboard } from '../infra-deploy/objects/dashboard.ts'
import { graceSeconds, shutdown } from '../infra-deploy/objects/shutdown.ts'
import { exampleInput } from '../infra-deploy/testing/example-input.ts'
import { fieldAt } from '../infra-deploy/testing/field-at.ts'
import { visit } from '../infra-deploy/testing/policy-problems.ts'
import { limits } from '../serving/app/limits.ts'
import { openTestService, type TestService } from '../serving/testing/index.ts'
import { bullpen, makeHome } from './testing/command.ts'

// What the manifests believe of the programs is asked of the programs.
const objects = Object.values(kubernetesObjects(exampleInput())).flat()
const at = (kind: string, path: string): unknown =>
  fieldAt(
    objects.find((object) => object.kind === kind),
    path,
  )
const pod = 'spec.template.spec'
const container = `${pod}.containers.0`
let service: TestService
let metrics: string

beforeAll(async () => {
  service = await openTestService({ settings: { anonymousRead: false } })
  const key = await service.key('read')
  const authorization = { authorization: `Bearer ${key}` }
  await service.app.inject({ url: '/predict', headers: authorization })
  metrics = (await service.app.inject({ url: '/metrics', headers: authorization })).body
})
afterAll(() => service.close())

test('every probe answers 200 without a key', async () => {
  const paths = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
    (probe) => at('Deployment', `${container}.${probe}.httpGet.path`) as string,
  )
  expect(paths).toEqual(['/startup', '/ready', '/healthcheck'])
  for (const path of paths) expect([path, (await service.app.inject(path)).statusCode]).toEqual([path, 200])
})

test('metrics are where Prometheus looks for them, for those with a key', async () => {
  const path = at('ServiceMonitor', 'spec.endpoints.0.path') as string
  expect((await service.app.inject(path)).statusCode).toBe(401)
  expect(at('ServiceMonitor', 'spec.endpoints.0.authorization.type')).toBe('Bearer')
  expect(metrics).toContain('http_requests_total')
})

test('alerts and panels ask for metrics that the service has, by labels that they have', () => {
  const panels = (dashboard() as { panels: { targets: { expr: string }[] }[] }).panels
  const queries = [
    ...alerts.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ]
  expect(queries.length).toBeGreaterThan(20)
  for (const query of queries) {
    const asked = [...query.matchAll(/([a-z_]\w+)\{([^}]*)\}/g)]
    expect([query, asked.length]).not.toEqual([query, 0])
    for (const [, name = '', matchers = ''] of asked) {
      // These two are told by Prometheus itself, and by kube-state-metrics.
      if (name === 'up' || name.startsWith('kube_')) continue
      const family = name.replace(/_bucket$/, '')
      expect(metrics).toContain(`# TYPE ${family} `)
      for (const [, label = ''] of matchers.matchAll(/(\w+)(?==)/g)) {
        if (label !== 'job') expect(metrics).toMatch(new RegExp(`^${name}\\{.*\\b${label}="`, 'm'))
      }
    }
  }
})

test('a pod is given as long to go as the service takes', () => {
  expect(1000 * shutdown.drainSeconds).toBe(limits.drainMs)
  expect(at('Deployment', `${pod}.terminationGracePeriodSeconds`)).toBe(graceSeconds)
  expect(graceSeconds).toBeGreaterThan(shutdown.preStopSeconds + shutdown.noticeSeconds + shutdown.drainSeconds)
  expect(at('Deployment', `${container}.lifecycle.preStop.sleep.seconds`)).toBe(shutdown.preStopSeconds)
  const args = at('Deployment', `${container}.args`) as string[]
  expect(args[args.indexOf('--drain-notice') + 1]).toBe(String(shutdown.noticeSeconds))
  // The kubelet sees that it is not ready before connections are refused.
  const probe = at('Deployment', `${container}.readinessProbe`) as { periodSeconds: number; failureThreshold: number }
  expect(probe.periodSeconds * probe.failureThreshold).toBeLessThanOrEqual(
    shutdown.preStopSeconds + shutdown.noticeSeconds,
  )
})

test('the programs take the arguments that pods give them', async () => {
  const { home, remove } = makeHome()
  const serving = at('Deployment', `${container}.args`) as string[]
  const weekly = at('CronJob', `spec.jobTemplate.${container}.args`) as string[]
  try {
    const answers = await Promise.all([
      bullpen(['serve', ...serving.filter((argument) => argument !== '--json'), '--help'], home),
      bullpen([...weekly, '--help'], home),
    ])
    // An option that is not known ends a command with status 2 although help is asked for after it.
    for (const { status, stdout } of answers)
      expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: bullpen/)])
  } finally {
    remove()
  }
})

test('what programs read of their environment is all that pods set', () => {
  const read =
    /^(DATABASE_URL|REDIS_URL|S3_ENDPOINT|BULLPEN_(OBJECTS|LOG|THREADS|SIGNING_KEY)|AWS_(REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY))$/
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'bullpen-config')!
  const names = Object.keys(config['data'] as object)
  visit(objects, (key, value) => {
    if (key === 'env') names.push(...(value as { name: string }[]).map(({ name }) => name))
  })
  expect(names.filter((name) => !read.test(name))).toEqual([])
})
