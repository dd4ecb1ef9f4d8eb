import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClusterRequest, Rental } from '#core/protocol'
import { AwsTarget } from '../aws-target.ts'
import type { CloudInfra, StackRunner } from '../cloud/cloud.ts'
import type { CloudSettings } from '../cloud/cloud-settings.ts'
import { CommandLine } from '../cloud/command-line.ts'
import { YandexTarget } from '../yandex-target.ts'

/** Three workers for a while. */
export const cloudRequest: ClusterRequest = {
  cluster: 'weekly',
  workers: 3,
  threads: null,
  endsAt: Date.parse('2030-01-07T10:00:00.500Z'),
  idleExitSeconds: 900,
  maxLifetimeSeconds: 14_400,
  maxPricePerHour: null,
  price: null,
}
/** Its rentals, the second of each name. */
export const cloudRentals = ['redis', 'workers'].map(
  (name) => ({ name, id: `weekly/${name}#2`, runId: null }) as unknown as Rental,
)

export const awsSettings: CloudSettings = {
  base: { name: 'bullpen', region: 'eu-central-1', scheduleGroup: 'bullpen-terms' },
  state: { kind: 's3', bucket: 'b', region: 'eu-central-1', prefix: 'terraform/clusters' },
}
export const yandexSettings: CloudSettings = { base: { name: 'bullpen', folder: 'f1' }, state: { kind: 'local' } }

const tags = (rental: string) => [
  { Key: 'bullpen:base', Value: 'bullpen' },
  { Key: 'bullpen:cluster', Value: 'weekly' },
  { Key: 'bullpen:rental', Value: rental },
]

/** Answers in the shapes that the command lines print, by the words that a call begins with. */
export const awsAnswers = {
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
export const yandexAnswers = {
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

const nothingOnDemand = { workers: 0, changed: {}, told: 'none is taken on demand' }

const outputs = {
  cluster: {
    cluster: 'weekly',
    redisUrl: 'redis://10.0.0.9:6379',
    redisPasswordSecret: 's',
    workers: [{ name: 'workers', place: 'g', hosts: 3 }],
  },
}
/** Clouds without a cloud: command lines, stacks and a terraform that stand in for theirs, in a folder of their own. */
export class CloudLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'bullpen-cloud-'))
  /** What terraform was told to do. */
  readonly done: string[] = []
  /** Inputs of the stacks that were asked about or written. */
  readonly synthesized: unknown[] = []
  readonly notes: string[] = []
  /** The command of terraform that fails. */
  failing: 'apply' | 'destroy' | undefined
  private readonly infra: CloudInfra

  /** @param onDemand what the stack says about taking workers on demand */
  constructor(onDemand: CloudInfra['onDemand'] = () => Promise.resolve(nothingOnDemand)) {
    this.infra = {
      onDemand,
      prices: (_, inputs) => {
        this.synthesized.push(inputs)
        return Promise.resolve({ redis: { perHour: 0.03, currency: 'USD' }, workers: null })
      },
      synth: (_, inputs, outdir) => {
        this.synthesized.push(inputs)
        return Promise.resolve(outdir)
      },
    }
  }

  aws(answers: object = awsAnswers): { readonly target: AwsTarget; readonly calls: () => string[] } {
    const { command, calls } = this.standIn(answers)
    const aws = new CommandLine('aws', command)
    return { calls, target: new AwsTarget({ ...this.options(), aws, settings: awsSettings }) }
  }

  yandex(answers: object = yandexAnswers): { readonly target: YandexTarget; readonly calls: () => string[] } {
    const { command, calls } = this.standIn(answers)
    const yc = new CommandLine('yandex', command)
    return { calls, target: new YandexTarget({ ...this.options(), yc, settings: yandexSettings }) }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private options() {
    const note = (text: string) => {
      this.notes.push(text)
    }
    return { home: this.folder, infra: this.infra, terraform: () => this.terraform(), note }
  }

  private terraform(): StackRunner {
    const step = (name: string) => () => {
      this.done.push(name)
      return name === this.failing ? Promise.reject(new Error(`${name} said no`)) : Promise.resolve()
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
  private standIn(answers: object): { command: string[]; calls: () => string[] } {
    const calls = join(this.folder, 'calls')
    const program = join(this.folder, 'stand-in')
    const cases = Object.entries(answers).map(([start, answer]) =>
      answer === 'refused'
        ? `"${start}"*) echo 'An error occurred (AccessDenied): not allowed' >&2; exit 254;;`
        : `"${start}"*) echo '${JSON.stringify(answer)}';;`,
    )
    const script = `#!/bin/bash\necho "$*" >> '${calls}'\ncase "$*" in\n${cases.join('\n')}\nesac\n`
    writeFileSync(calls, '')
    writeFileSync(program, script, { mode: 0o700 })
    const lines = () => readFileSync(calls, 'utf8').split('\n')
    return { command: [program], calls: () => lines().filter((line) => line !== '') }
  }
}
