import { describe, expect, test } from '@jest/globals'
import { Testing } from 'cdktn'
import fc from 'fast-check'
import { cloudConfigOf, exampleInputs, synthesized } from '../../testing/index.ts'
import { onDemand } from '../../on-demand.ts'
import { awsCluster } from '../aws-cluster.ts'

const example = exampleInputs('aws-cluster')
const cluster = synthesized(awsCluster, example)
const has = (type: string, properties: object) => Testing.toHaveResourceWithProperties(cluster.text, type, properties)
const workerOf = (stack = cluster) => cloudConfigOf(stack.of('aws_launch_template')[0]?.['user_data'])
const redisOf = (stack = cluster) => cloudConfigOf(stack.of('aws_instance')[0]?.['user_data_base64'])
const fileOf = (config: ReturnType<typeof workerOf>, name: string) =>
  config.write_files.find(({ path }) => path.endsWith(name))?.content ?? ''

const tags = {
  'bullpen:base': 'bullpen',
  'bullpen:cluster': 'weekly',
  'bullpen:run': 'none',
  'bullpen:expires': '2030-01-07T10:00:00Z',
}

describe('hosts of a cluster', () => {
  test('answer for their metadata to sessions only (IMDSv2), one hop away at most', () => {
    const metadata = { http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1 }
    expect(has('aws_launch_template', { metadata_options: metadata })).toBe(true)
    expect(has('aws_instance', { metadata_options: metadata })).toBe(true)
  })

  test('have encrypted disks that go with them', () => {
    const [template] = cluster.of('aws_launch_template')
    expect(template).toMatchObject({
      block_device_mappings: [{ ebs: { encrypted: 'true', delete_on_termination: 'true' } }],
    })
    expect(cluster.of('aws_instance')[0]).toMatchObject({
      root_block_device: { encrypted: true, delete_on_termination: true },
    })
  })

  test('have no public address and no key to log in with', () => {
    expect(cluster.of('aws_launch_template')[0]).toMatchObject({
      network_interfaces: [{ associate_public_ip_address: 'false', security_groups: ['sg-0worker'] }],
    })
    expect(cluster.of('aws_instance')[0]).toMatchObject({ associate_public_ip_address: false })
    expect(cluster.text).not.toContain('key_name')
    expect(cluster.text).not.toContain('0.0.0.0/0')
  })

  test('are gone when they shut down', () => {
    expect(has('aws_launch_template', { instance_initiated_shutdown_behavior: 'terminate' })).toBe(true)
    expect(has('aws_instance', { instance_initiated_shutdown_behavior: 'terminate' })).toBe(true)
  })
})

describe('the end of the term', () => {
  test('empties the group, by AWS itself', () => {
    expect(
      has('aws_autoscaling_schedule', {
        autoscaling_group_name: '${aws_autoscaling_group.workers.name}',
        start_time: '2030-01-07T10:00:00Z',
        min_size: 0,
        max_size: 0,
        desired_capacity: 0,
      }),
    ).toBe(true)
  })

  test('ends the Redis host, by AWS itself', () => {
    const [schedule] = cluster.of('aws_scheduler_schedule')
    expect(schedule).toMatchObject({
      schedule_expression: 'at(2030-01-07T10:00:00)',
      schedule_expression_timezone: 'UTC',
      target: {
        arn: 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances',
        input: '{"InstanceIds":["${aws_instance.redis.id}"]}',
      },
    })
  })
})

describe('tags', () => {
  test('are on everything: cluster, run, expiry, and on what is rented its rental', () => {
    expect(Testing.toHaveProviderWithProperties(cluster.text, 'aws', { default_tags: [{ tags }] })).toBe(true)
    const worker = { ...tags, 'bullpen:rental': 'weekly/workers#1', Name: 'weekly-workers' }
    const [template] = cluster.of('aws_launch_template')
    expect(template?.['tag_specifications']).toEqual(
      ['instance', 'volume', 'network-interface'].map((resource_type) => ({ resource_type, tags: worker })),
    )
    expect(cluster.of('aws_autoscaling_group')[0]?.['tag']).toEqual(
      Object.entries(worker).map(([key, value]) => ({ key, value, propagate_at_launch: true })),
    )
    const redis = { ...tags, 'bullpen:rental': 'weekly/redis#1', Name: 'weekly-redis' }
    expect(cluster.of('aws_instance')[0]).toMatchObject({ tags: redis, root_block_device: { tags: redis } })
  })

  test('name the rentals and the run that were given', () => {
    const named = synthesized(awsCluster, { ...example, run: 'r-7', workersRental: 'weekly/workers#3' })
    expect(named.text).toContain('"bullpen:run": "r-7"')
    expect(named.text).toContain('weekly/workers#3')
  })
})

describe('the group of workers', () => {
  test('takes spot hosts from the deepest pools of several types, below the price cap, after those on demand', () => {
    expect(cluster.of('aws_autoscaling_group')[0]).toMatchObject({
      min_size: 0,
      max_size: 4,
      desired_capacity: 4,
      mixed_instances_policy: {
        instances_distribution: {
          on_demand_base_capacity: 1,
          on_demand_percentage_above_base_capacity: 0,
          spot_allocation_strategy: 'capacity-optimized',
          spot_max_price: '0.5',
        },
        launch_template: {
          override: ['c7a.2xlarge', 'c6a.2xlarge', 'm6a.2xlarge'].map((instance_type) => ({ instance_type })),
        },
      },
    })
  })

  test('is not filled again by an apply, nor emptied by a recommendation that agents answer by themselves', () => {
    expect(cluster.of('aws_autoscaling_group')[0]).toMatchObject({
      capacity_rebalance: false,
      lifecycle: { ignore_changes: ['desired_capacity'] },
    })
  })

  test('has so many hosts as AWS now wants of it, which its output tells', () => {
    const { output } = JSON.parse(cluster.text) as { output: { cluster: { value: { workers: unknown } } } }
    const hosts = '${aws_autoscaling_group.workers.desired_capacity}'
    expect(output.cluster.value.workers).toEqual([
      { name: 'workers', place: '${aws_autoscaling_group.workers.name}', hosts },
    ])
  })

  test('takes on demand what spot did not give, of the types that are not above the cap', () => {
    const inputs = { ...example, maxPricePerHour: 0.4, onDemandWorkers: 0 }
    const { changed } = onDemand('aws', inputs, 3)
    const [group] = synthesized(awsCluster, { ...inputs, ...changed }).of('aws_autoscaling_group')
    expect(group).toMatchObject({
      desired_capacity: 4,
      mixed_instances_policy: {
        instances_distribution: { on_demand_base_capacity: 3, spot_max_price: '0.4' },
        launch_template: { override: [{ instance_type: 'c6a.2xlarge' }] },
      },
    })
  })

  test('is capped by the on-demand price where no cap is given', () => {
    const uncapped = synthesized(awsCluster, { ...example, maxPricePerHour: null })
    expect(uncapped.text).not.toContain('spot_max_price')
    expect(fileOf(workerOf(uncapped), 'bullpen-worker.service')).toContain('--price 0.47 --currency USD')
  })
})

describe('the first boot', () => {
  test('starts an agent that always ends: without work, and after its longest lifetime, as does its host', () => {
    const requests = fc.record({
      cluster: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
      workers: fc.integer({ min: 1, max: 1000 }),
      threads: fc.option(fc.integer({ min: 1, max: 1024 })),
      idleExitSeconds: fc.integer({ min: 1, max: 86_400 }),
      maxLifetimeSeconds: fc.integer({ min: 60, max: 2_147_483 }),
      maxPricePerHour: fc.option(fc.double({ min: 0.48, max: 100, noNaN: true })),
      onDemandWorkers: fc.constantFrom(0, 1),
    })
    fc.assert(
      fc.property(requests, (request) => {
        const stack = synthesized(awsCluster, { ...example, ...request })
        const worker = workerOf(stack)
        const agent = fileOf(worker, 'bullpen-worker.service')
        const { idleExitSeconds: idle, maxLifetimeSeconds: most } = request
        expect(agent).toContain(` --idle-exit ${idle} --max-lifetime ${most} --notice aws `)
        for (const host of [worker, redisOf(stack)]) {
          expect(fileOf(host, 'bullpen-end.timer')).toContain(`OnBootSec=${most + 300}\n`)
          expect(host.runcmd[1]).toEqual(['systemctl', 'enable', '--now', 'bullpen-end.timer'])
        }
      }),
      { numRuns: 25 },
    )
  })

  test('gives the host back when the agent has left, or never came to run', () => {
    const worker = workerOf()
    expect(fileOf(worker, 'bullpen-worker.service')).toContain('ExecStopPost=/usr/local/sbin/bullpen-leave\n')
    expect(worker.runcmd.at(-1)?.at(-1)).toMatch(/ \|\| \/usr\/local\/sbin\/bullpen-leave$/)
    const leave = fileOf(worker, 'bullpen-leave')
    expect(leave).toContain('--should-decrement-desired-capacity')
    expect(leave).toMatch(/systemctl poweroff\n$/)
  })

  test('fetches secrets from the store on the host, into a file in memory', () => {
    const prepare = fileOf(workerOf(), 'bullpen-prepare')
    expect(prepare).toContain('umask 077')
    expect(prepare).toContain('secretsmanager get-secret-value')
    expect(prepare).toContain('cat > /run/bullpen/environment')
    for (const { content } of workerOf().write_files) expect(content).not.toMatch(/postgres(ql)?:\/\//)
  })

  test('runs the container without privileges, from an image by its digest', () => {
    const agent = fileOf(workerOf(), 'bullpen-worker.service')
    expect(agent).toContain('--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges')
    expect(agent).toMatch(/@sha256:[0-9a-f]{64} worker /)
  })

  test('starts Redis with a password or not at all', () => {
    const redis = fileOf(redisOf(), 'bullpen-redis')
    expect(redis).toContain('umask 077')
    expect(redis).toContain('test -n "$password"')
    expect(redis).toContain('requirepass %s')
  })
})

test('the state lies in the bucket under the cluster, encrypted, with a lock beside it', () => {
  expect(JSON.parse(cluster.text)).toMatchObject({
    terraform: {
      backend: {
        s3: {
          bucket: 'my-company-bullpen',
          key: 'terraform/clusters/weekly.tfstate',
          encrypt: true,
          use_lockfile: true,
        },
      },
    },
  })
})

test.each([
  [{ idleExitSeconds: undefined }, /idleExitSeconds: is 1 to 86400 seconds/],
  [{ maxLifetimeSeconds: 0 }, /maxLifetimeSeconds: is 60 to/],
  [{ workers: 0 }, /workers: is 1 to 1000/],
  [{ image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/bullpen:latest' }, /image: is repository@sha256:digest/],
  [{ image: `elsewhere.io/x@sha256:${'0'.repeat(64)}` }, /image: is not in 1234/],
  [{ maxPricePerHour: 0.4 }, /on demand c7a.2xlarge costs 0.47, above 0.4.*on demand m6a.2xlarge costs 0.41/],
  [{ workers: 1, onDemandWorkers: 2 }, /onDemandWorkers: are more than workers/],
  [{ cluster: 'bullpen-base' }, /cluster: has the name under which the state of the base lies/],
  [{ endsAt: 'tomorrow' }, /endsAt: is a time such as/],
  [{ password: 'x' }, /password/],
])('inputs %j are refused with one clear error', (changed, message) => {
  expect(() => synthesized(awsCluster, { ...example, ...changed })).toThrow(message)
})
