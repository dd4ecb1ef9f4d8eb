import { readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { CloudLab, cloudRentals as rentals, cloudRequest as request, awsSettings } from '../testing/index.ts'

const signal = new AbortController().signal
let lab: CloudLab

beforeEach(() => {
  lab = new CloudLab()
})
afterEach(() => {
  lab.remove()
})

describe('a cluster on AWS', () => {
  test('is two rentals, Redis and the group of workers, at the prices that its stack knows', async () => {
    expect(await lab.aws().target.plan(request)).toEqual([
      { name: 'redis', kind: 'redis', place: '', price: { perHour: 0.03, currency: 'USD' } },
      { name: 'workers', kind: 'worker', place: '', price: null },
    ])
  })

  test('comes up from the settings and the request, and its password lies in a file of its owner alone', async () => {
    const { target } = lab.aws()
    const up = await target.up(request, rentals, signal)
    expect(lab.synthesized).toEqual([
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
    lab.failing = 'apply'
    const { target, calls } = lab.aws()
    await expect(target.up(request, rentals, signal)).rejects.toThrow('apply said no')
    expect(lab.done).toEqual(['init', 'apply', 'end', 'init', 'destroy'])
    expect(calls().some((call) => call.startsWith('autoscaling delete-auto-scaling-group'))).toBe(true)
  })

  test('is seen by its tags: group, hosts, state and lock, in the region of the base, whose own state is none', async () => {
    const { target, calls } = lab.aws()
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
    const { target, calls } = lab.aws()
    await target.down('weekly', signal)
    expect(lab.done).toEqual(['end', 'init', 'destroy'])
    const changes = calls().filter((call) => /delete|terminate/.test(call))
    expect(changes.map((call) => call.split(' --region')[0])).toEqual([
      'autoscaling delete-auto-scaling-group --auto-scaling-group-name bullpen-weekly-workers --force-delete',
      'ec2 terminate-instances --instance-ids i-1',
      's3api delete-object --bucket b --key terraform/clusters/weekly.tfstate',
      's3api delete-object --bucket b --key terraform/clusters/weekly.tfstate.tflock',
    ])
  })

  test('whose state cannot be destroyed loses its hosts all the same, keeps the state, and the failure is told', async () => {
    lab.failing = 'destroy'
    const { target, calls } = lab.aws()
    await expect(target.down('weekly', signal)).rejects.toThrow('destroy said no')
    expect(calls().some((call) => call.startsWith('ec2 terminate-instances'))).toBe(true)
    expect(calls().some((call) => call.includes('delete-object') && call.includes('weekly.tfstate '))).toBe(false)
  })

  test('that is not there is taken down without terraform', async () => {
    const nothing = { 'autoscaling describe': { AutoScalingGroups: [] }, 'ec2 describe': { Reservations: [] } }
    await lab.aws(nothing).target.down('weekly', signal)
    expect(lab.done).toEqual([])
  })

  test('has the end that AWS itself makes moved with its term, for the group and for Redis', async () => {
    const { target, calls } = lab.aws()
    await target.renewed('weekly', Date.parse('2030-01-07T12:00:00Z'))
    const [group, , schedule] = calls()
    expect(group).toContain('put-scheduled-update-group-action --auto-scaling-group-name bullpen-weekly-workers')
    expect(group).toContain('--start-time 2030-01-07T12:00:00Z --min-size 0 --max-size 0 --desired-capacity 0')
    expect(schedule).toContain('update-schedule --name bullpen-weekly-redis --group-name bullpen-terms')
    expect(schedule).toContain('--schedule-expression at(2030-01-07T12:00:00)')
    expect(schedule).toContain('--target {"Arn":"arn:t","RoleArn":"arn:r","Input":"{}"}')
  })

  test('that AWS does not let be looked at is unreachable, with the reason', async () => {
    const refused = lab.aws({ 'autoscaling describe': 'refused' }).target.inventory()
    await expect(refused).rejects.toThrow(/^target aws: \S+ autoscaling describe-auto-scaling-groups .*AccessDenied/)
  })

  test('whose answers have another shape is not taken for empty', async () => {
    await expect(lab.aws({ 'autoscaling describe': { Groups: [] } }).target.inventory()).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
    })
  })
})
