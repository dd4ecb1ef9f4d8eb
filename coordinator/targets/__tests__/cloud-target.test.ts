import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClusterRequest, Rental } from '#core/protocol'
import { AwsTarget } from '../aws-target.ts'
import { YandexTarget } from '../yandex-target.ts'
import type { CloudInfra, StackRunner } from '../cloud/cloud.ts'
import type { CloudSettings } from '../cloud/cloud-settings.ts'
import { CommandLine } from '../cloud/command-line.ts'

const signal = new AbortController().signal
const request: ClusterRequest = {
  cluster: 'weekly',
  workers: 3,
  threads: null,
  endsAt: Date.parse('2030-01-07T10:00:00.500Z'),
  idleExitSeconds: 900,
  maxLifetimeSeconds: 14_400,
  maxPricePerHour: null,
  price: null,
}
const rentals = ['redis', 'workers'].map((name) => ({ name, id: `weekly/${name}#2`, runId: null }) as unknown as Rental)

const awsSettings: CloudSettings = {
  base: { name: 'bullpen', region: 'eu-central-1', scheduleGroup: 'bullpen-terms' },
  state: { kind: 's3', bucket: 'b', region: 'eu-central-1', prefix: 'terraform/clusters' },
}
const yandexSettings: CloudSettings = { base: { name: 'bullpen', folder: 'f1' }, state: { kind: 'local' } }

const tags = (rental: string) => [
  { Key: 'bullpen:base', Value: 'bullpen' },
  { Key: 'bullpen:cluster', Value: 'weekly' },
  { Key: 'bullpen:rental', Value: rental },
]

/** Answers in the shapes that the command lines print, by the words that a call begins with. */
const awsAnswers = {
  'autoscaling describe-auto-scaling-groups': {
    AutoScalingGroups: [
      {
        AutoScalingGroupName: 'bullpen-weekly-workers',
        DesiredCapacity: 3,
        MinSize: 0,
        Tags: tags('weekly/workers#2'),
      },
    ],
  },
  'ec2 describe-instances': {
    Reservations: [
      {
        ReservationId: 'r-1',
        Instances: [
          {
            InstanceId: 'i-1',
            InstanceType: 't3.small',
            State: { Code: 16, Name: 'running' },
            Tags: tags('weekly/redis#2'),
          },
        ],
      },
    ],
  },
  's3api list-objects-v2': {
    Contents: [
      { Key: 'terraform/clusters/weekly.tfstate', Size: 1 },
      { Key: 'terraform/clusters/weekly.tfstate.tflock', Size: 1 },
      { Key: 'terraform/clusters/bullpen-base.tfstate', Size: 1 },
    ],
  },
  'secretsmanager get-secret-value': { Name: 's', SecretString: 'hunter2hunter2' },
  'scheduler get-schedule': { Name: 'x', Target: { Arn: 'arn:t', RoleArn: 'arn:r', Input: '{}' } },
}
const yandexAnswers = {
  'compute instance-group list': [
    {
      id: 'g1',
      name: 'w',
      status: 'ACTIVE',
      labels: { 'bullpen-base': 'bullpen', 'bullpen-cluster': 'weekly', 'bullpen-rental': 'weekly/workers@2' },
    },
    { id: 'g2', name: 'other' },
  ],
  'compute instance list': [
    {
      id: 'h1',
      status: 'RUNNING',
      labels: { 'bullpen-base': 'bullpen', 'bullpen-cluster': 'weekly', 'bullpen-rental': 'weekly/redis@2' },
    },
    {
      id: 'h2',
      status: 'RUNNING',
      labels: { 'bullpen-base': 'bullpen', 'bullpen-cluster': 'weekly', 'bullpen-rental': 'weekly/workers@2' },
    },
  ],
  'lockbox payload get': { version_id: 'v', entries: [{ key: 'value', text_value: 'hunter2hunter2' }] },
}

let folder: string
let done: string[]
let synthesized: unknown[]
let notes: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bullpen-cloud-'))
  done = []
  synthesized = []
  notes = []
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const outputs = {
  cluster: {
    cluster: 'weekly',
    redisUrl: 'redis://10.0.0.9:6379',
    redisPasswordSecret: 's',
    workers: [{ name: 'workers', place: 'g' }],
  },
}
const infra: CloudInfra = {
  prices: (_, inputs) => {
    synthesized.push(inputs)
    return Promise.resolve({ redis: { perHour: 0.03, currency: 'USD' }, workers: null })
  },
  synth: (_, inputs, outdir) => {
    synthesized.push(inputs)
    return Promise.resolve(outdir)
  },
}

function runner(failing?: 'apply' | 'destroy'): StackRunner {
  const step = (name: string) => () => {
    done.push(name)
    return name === failing ? Promise.reject(new Error(`${name} said no`)) : Promise.resolve()
  }
  return {
    init: step('init'),
    apply: step('apply'),
    destroy: step('destroy'),
    output: () => Promise.resolve(outputs),
    running: { end: step('end') },
  }
}

/** A command line that records its calls and answers with what it was given; what it does not know it answers with nothing. */
function standIn(answers: object): { command: string[]; calls: () => string[] } {
  const calls = join(folder, 'calls')
  const program = join(folder, 'stand-in')
  const cases = Object.entries(answers).map(([start, answer]) =>
    answer === 'refused'
      ? `"${start}"*) echo 'An error occurred (AccessDenied): not allowed' >&2; exit 254;;`
      : `"${start}"*) echo '${JSON.stringify(answer)}';;`,
  )
  writeFileSync(calls, '')
  writeFileSync(program, `#!/bin/bash\necho "$*" >> '${calls}'\ncase "$*" in\n${cases.join('\n')}\nesac\n`, {
    mode: 0o700,
  })
  return {
    command: [program],
    calls: () =>
      readFileSync(calls, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  }
}

const note = (text: string) => {
  notes.push(text)
}

function aws(answers: object = awsAnswers, failing?: 'apply' | 'destroy') {
  const { command, calls } = standIn(answers)
  const terraform = () => runner(failing)
  const line = new CommandLine('aws', command)
  return { calls, target: new AwsTarget({ home: folder, infra, terraform, note, aws: line, settings: awsSettings }) }
}

function yandex() {
  const { command, calls } = standIn(yandexAnswers)
  const line = new CommandLine('yandex', command)
  const options = { home: folder, infra, terraform: () => runner(), note, yc: line, settings: yandexSettings }
  return { calls, target: new YandexTarget(options) }
}

describe('a cluster on AWS', () => {
  test('is two rentals, Redis and the group of workers, at the prices that its stack knows', async () => {
    expect(await aws().target.plan(request)).toEqual([
      { name: 'redis', kind: 'redis', place: '', price: { perHour: 0.03, currency: 'USD' } },
      { name: 'workers', kind: 'worker', place: '', price: null },
    ])
  })

  test('comes up from the settings and the request, and its password lies in a file of its owner alone', async () => {
    const { target } = aws()
    const up = await target.up(request, rentals, signal)
    expect(synthesized).toEqual([
      {
        ...awsSettings,
        cluster: 'weekly',
        workers: 3,
        threads: null,
        idleExitSeconds: 900,
        maxLifetimeSeconds: 14_400,
        maxPricePerHour: null,
        redisRental: 'weekly/redis#2',
        workersRental: 'weekly/workers#2',
        endsAt: '2030-01-07T10:00:00Z',
      },
    ])
    expect(up).toMatchObject({ cluster: 'weekly', target: 'aws', redisUrl: 'redis://10.0.0.9:6379' })
    expect(readFileSync(up.redisPasswordFile!, 'utf8')).toBe('hunter2hunter2')
    expect(statSync(up.redisPasswordFile!).mode & 0o777).toBe(0o600)
  })

  test('that fails to come up is taken down, and the failure is told', async () => {
    const { target, calls } = aws(awsAnswers, 'apply')
    await expect(target.up(request, rentals, signal)).rejects.toThrow('apply said no')
    expect(done).toEqual(['init', 'apply', 'end', 'init', 'destroy'])
    expect(calls().some((call) => call.startsWith('autoscaling delete-auto-scaling-group'))).toBe(true)
  })

  test('is seen by its tags: group, hosts, state and lock, in the region of the base, whose own state is none', async () => {
    const { target, calls } = aws()
    expect(await target.inventory('weekly')).toEqual([
      {
        rental: 'weekly/workers#2',
        cluster: 'weekly',
        what: 'host',
        place: 'bullpen-weekly-workers',
        detail: 'group bullpen-weekly-workers, 3 hosts wanted',
      },
      {
        rental: 'weekly/redis#2',
        cluster: 'weekly',
        what: 'host',
        place: 'i-1',
        detail: 'instance i-1 t3.small running',
      },
      { rental: '', cluster: 'weekly', what: 'state', place: 'b', detail: 's3://b/terraform/clusters/weekly.tfstate' },
      {
        rental: '',
        cluster: 'weekly',
        what: 'state-lock',
        place: 'b',
        detail: 's3://b/terraform/clusters/weekly.tfstate.tflock',
      },
    ])
    for (const call of calls()) expect(call).toContain('--region eu-central-1')
    expect(calls()[0]).toContain(
      '--filters Name=tag:bullpen:base,Values=bullpen Name=tag:bullpen:cluster,Values=weekly',
    )
  })

  test('is ended group first, so that no host comes back, then hosts, state and lock', async () => {
    const { target, calls } = aws()
    await target.down('weekly', signal)
    expect(done).toEqual(['end', 'init', 'destroy'])
    const changes = calls().filter((call) => /delete|terminate/.test(call))
    expect(changes.map((call) => call.split(' --region')[0])).toEqual([
      'autoscaling delete-auto-scaling-group --auto-scaling-group-name bullpen-weekly-workers --force-delete',
      'ec2 terminate-instances --instance-ids i-1',
      's3api delete-object --bucket b --key terraform/clusters/weekly.tfstate',
      's3api delete-object --bucket b --key terraform/clusters/weekly.tfstate.tflock',
    ])
  })

  test('whose state cannot be destroyed loses its hosts all the same, keeps the state, and the failure is told', async () => {
    const { target, calls } = aws(awsAnswers, 'destroy')
    await expect(target.down('weekly', signal)).rejects.toThrow('destroy said no')
    expect(calls().some((call) => call.startsWith('ec2 terminate-instances'))).toBe(true)
    expect(calls().some((call) => call.includes('delete-object') && call.includes('weekly.tfstate '))).toBe(false)
  })

  test('that is not there is taken down without terraform', async () => {
    const nothing = { 'autoscaling describe': { AutoScalingGroups: [] }, 'ec2 describe': { Reservations: [] } }
    await aws(nothing).target.down('weekly', signal)
    expect(done).toEqual([])
  })

  test('has the end that AWS itself makes moved with its term, for the group and for Redis', async () => {
    const { target, calls } = aws()
    await target.renewed('weekly', Date.parse('2030-01-07T12:00:00Z'))
    const [group, , schedule] = calls()
    expect(group).toContain('put-scheduled-update-group-action --auto-scaling-group-name bullpen-weekly-workers')
    expect(group).toContain('--start-time 2030-01-07T12:00:00Z --min-size 0 --max-size 0 --desired-capacity 0')
    expect(schedule).toContain('update-schedule --name bullpen-weekly-redis --group-name bullpen-terms')
    expect(schedule).toContain('--schedule-expression at(2030-01-07T12:00:00)')
    expect(schedule).toContain('--target {"Arn":"arn:t","RoleArn":"arn:r","Input":"{}"}')
  })

  test('that AWS does not let be looked at is unreachable, with the reason', async () => {
    const refused = aws({ 'autoscaling describe': 'refused' }).target.inventory()
    await expect(refused).rejects.toThrow(/^target aws: \S+ autoscaling describe-auto-scaling-groups .*AccessDenied/)
  })

  test('whose answers have another shape is not taken for empty', async () => {
    await expect(aws({ 'autoscaling describe': { Groups: [] } }).target.inventory()).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
    })
  })
})

describe('a cluster on Yandex Cloud', () => {
  test('is seen by its labels, in the folder of the base; what others have there is left out', async () => {
    const { target, calls } = yandex()
    expect(await target.inventory()).toEqual([
      {
        rental: 'weekly/workers#2',
        cluster: 'weekly',
        what: 'host',
        place: 'g1',
        detail: 'instance-group g1 w ACTIVE',
      },
      { rental: 'weekly/redis#2', cluster: 'weekly', what: 'host', place: 'h1', detail: 'instance h1 RUNNING' },
      { rental: 'weekly/workers#2', cluster: 'weekly', what: 'host', place: 'h2', detail: 'instance h2 RUNNING' },
    ])
    expect(await target.inventory('other')).toEqual([])
    for (const call of calls()) expect(call).toContain('--folder-id f1')
  })

  test('is ended group first', async () => {
    const { target, calls } = yandex()
    await target.down('weekly', signal)
    expect(calls().filter((call) => call.includes('delete'))).toEqual([
      'compute instance-group delete --id g1 --format json',
      'compute instance delete --id h1 --format json',
      'compute instance delete --id h2 --format json',
    ])
  })

  test('has the label moved that the reaper reads, on the group and on Redis', async () => {
    const { target, calls } = yandex()
    await target.renewed('weekly', 1_900_000_000_500)
    expect(calls().filter((call) => call.includes('add-labels'))).toEqual([
      'compute instance-group add-labels --id g1 --labels bullpen-expires=1900000000 --format json',
      'compute instance add-labels --id h1 --labels bullpen-expires=1900000000 --format json',
    ])
  })

  test('takes the password of Redis from the secret store', async () => {
    const up = await yandex().target.up(request, rentals, signal)
    expect(readFileSync(up.redisPasswordFile!, 'utf8')).toBe('hunter2hunter2')
  })
})

test('a command line that is not installed is a missing tool', async () => {
  const line = new CommandLine('yandex', [join(folder, 'yc')])
  await expect(line.ask('look', 'compute')).rejects.toMatchObject({ code: 'TOOL_MISSING' })
})
