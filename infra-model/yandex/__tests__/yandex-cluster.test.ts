import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cloudConfigOf, exampleInputs, synthesized, type Synthesized } from '../../testing/index.ts'
import { yandexCluster } from '../yandex-cluster.ts'

interface Template {
  readonly metadata: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

const example = exampleInputs('yandex-cluster')
const cluster = synthesized(yandexCluster, example)
const templateOf = (stack: Synthesized) =>
  (stack.of('yandex_compute_instance_group')[0]?.['instance_template'] as [Template])[0]
const workerOf = (stack = cluster) => cloudConfigOf(templateOf(stack).metadata['user-data'])
const redisOf = (stack = cluster) =>
  cloudConfigOf((stack.of('yandex_compute_instance')[0]?.['metadata'] as Template['metadata'])['user-data'])
const fileOf = (config: ReturnType<typeof workerOf>, name: string) =>
  config.write_files.find(({ path }) => path.endsWith(name))?.content ?? ''

test('hosts are preemptible, without public address, on encrypted disks, and tell metadata to askers with a header only', () => {
  const safe = {
    boot_disk: [{ initialize_params: [{ kms_key_id: 'abj00000000000000000' }] }],
    network_interface: [{ nat: false }],
    metadata_options: [{ gce_http_endpoint: 1, aws_v1_http_endpoint: 2 }],
    metadata: { 'serial-port-enable': '0' },
  }
  expect(templateOf(cluster)).toMatchObject({ ...safe, scheduling_policy: [{ preemptible: true }] })
  expect(cluster.of('yandex_compute_instance')[0]).toMatchObject(safe)
})

test('labels tell cluster, run, rental and expiry in the letters that labels take', () => {
  const labels = {
    'bullpen-base': 'bullpen',
    'bullpen-cluster': 'weekly',
    'bullpen-run': 'none',
    'bullpen-kind': 'workers',
    'bullpen-rental': 'weekly/workers@1',
    'bullpen-expires': String(Date.parse('2030-01-07T10:00:00Z') / 1000),
  }
  expect(cluster.of('yandex_compute_instance_group')[0]?.['labels']).toEqual(labels)
  expect(templateOf(cluster).labels).toEqual(labels)
  expect(cluster.of('yandex_compute_instance')[0]?.['labels']).toEqual({
    ...labels,
    'bullpen-kind': 'redis',
    'bullpen-rental': 'weekly/redis@1',
  })
  for (const value of Object.values(labels)) expect(value).toMatch(/^[-_./\\@0-9a-z]{1,63}$/)
})

test('agents and hosts always end: without work, and after the longest lifetime', () => {
  const requests = fc.record({
    workers: fc.integer({ min: 1, max: 1000 }),
    threads: fc.option(fc.integer({ min: 1, max: 1024 })),
    idleExitSeconds: fc.integer({ min: 1, max: 86_400 }),
    maxLifetimeSeconds: fc.integer({ min: 60, max: 2_147_483 }),
  })
  fc.assert(
    fc.property(requests, (request) => {
      const stack = synthesized(yandexCluster, { ...example, ...request })
      const { idleExitSeconds: idle, maxLifetimeSeconds: most } = request
      expect(fileOf(workerOf(stack), 'bullpen-worker.service')).toContain(
        ` --idle-exit ${idle} --max-lifetime ${most} `,
      )
      for (const host of [workerOf(stack), redisOf(stack)]) {
        expect(fileOf(host, 'bullpen-end.timer')).toContain(`OnBootSec=${most + 300}\n`)
        expect(host.runcmd[1]).toEqual(['systemctl', 'enable', '--now', 'bullpen-end.timer'])
      }
    }),
    { numRuns: 25 },
  )
})

test('a host that leaves is taken out of its group; one that is preempted is not', () => {
  const leave = fileOf(workerOf(), 'bullpen-leave')
  expect(leave).toMatch(/is-system-running\)" = stopping \] && exit 0\n/)
  expect(leave).toContain('https://functions.yandexcloud.net/d4e00000000000000000')
})

test('workers on demand are a group of their own, at their own price, and the cluster has so many hosts as both', () => {
  const machine = { ...(example['machine'] as object), onDemandPerHour: 60 }
  const split = synthesized(yandexCluster, { ...example, machine, onDemandWorkers: 1, maxPricePerHour: 60 })
  const groups = split.of('yandex_compute_instance_group')
  expect(groups.map(({ scale_policy: scale }) => scale)).toEqual([
    [{ fixed_scale: [{ size: 1 }] }],
    [{ fixed_scale: [{ size: 3 }] }],
  ])
  expect(groups.map((group) => group['instance_template'])).toMatchObject([
    [{ scheduling_policy: [{ preemptible: false }] }],
    [{ scheduling_policy: [{ preemptible: true }] }],
  ])
  // What one group takes over the other must give up.
  expect(groups.map((group) => group['lifecycle'])).toEqual([
    { ignore_changes: ['instance_template'] },
    { ignore_changes: ['instance_template'] },
  ])
  expect(split.text).toContain('weekly.workers --idle-exit 900 --max-lifetime 14400 --notice-time 20 --price 60 ')
  expect(split.text).toContain(
    '${yandex_compute_instance_group.workers.scale_policy[0].fixed_scale[0].size + yandex_compute_instance_group.on-demand.scale_policy[0].fixed_scale[0].size}',
  )
  const all = synthesized(yandexCluster, { ...example, machine, onDemandWorkers: 4, maxPricePerHour: 60 })
  expect(all.of('yandex_compute_instance_group')).toHaveLength(1)
})

test('the state lies in the database, whose address and password no file has', () => {
  expect((JSON.parse(cluster.text) as { terraform: { backend: unknown } }).terraform.backend).toEqual({
    pg: { schema_name: 'terraform_weekly' },
  })
})

test.each([
  [{ maxPricePerHour: 20 }, /maxPricePerHour: the machine costs 21.5 an hour, above 20/],
  [{ image: `cr.yandex/other/bullpen@sha256:${'0'.repeat(64)}` }, /image: is not in cr.yandex\/crp/],
  [{ onDemandWorkers: 1 }, /machine.onDemandPerHour: is needed/],
  [{ onDemandWorkers: 5 }, /onDemandWorkers: are more than workers/],
  [{ idleExitSeconds: 0 }, /idleExitSeconds: is 1 to 86400 seconds/],
])('inputs %j are refused with one clear error', (changed, message) => {
  expect(() => synthesized(yandexCluster, { ...example, ...changed })).toThrow(message)
})
