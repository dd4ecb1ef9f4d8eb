import { Type } from '@sinclair/typebox'
import type { InventoryItem } from '#core/protocol'
import { answered } from './cloud/answered.ts'
import { secondOf, type CloudSettings } from './cloud/cloud-settings.ts'
import { CloudTarget, type CloudTargetOptions } from './cloud/cloud-target.ts'
import type { Cloud } from './cloud/cloud.ts'
import type { CommandLine } from './cloud/command-line.ts'

const Tags = Type.Optional(Type.Array(Type.Object({ Key: Type.String(), Value: Type.String() })))
const Hosts = Type.Object({
  Reservations: Type.Array(
    Type.Object({
      Instances: Type.Array(
        Type.Object({
          InstanceId: Type.String(),
          InstanceType: Type.String(),
          State: Type.Object({ Name: Type.String() }),
          Tags,
        }),
      ),
    }),
  ),
})
const Groups = Type.Object({
  AutoScalingGroups: Type.Array(
    Type.Object({ AutoScalingGroupName: Type.String(), DesiredCapacity: Type.Integer(), Tags }),
  ),
})
const Objects = Type.Object({ Contents: Type.Optional(Type.Array(Type.Object({ Key: Type.String() }))) })
const Secret = Type.Object({ SecretString: Type.String() })
const Schedule = Type.Object({ Target: Type.Object({}, { additionalProperties: true }) })

/** States of a host that is not gone; `stopped` costs its disk. */
const living = 'pending,running,stopping,stopped'

type TagList = readonly { readonly Key: string; readonly Value: string }[]

/** Clusters on AWS, found by the tag `bullpen:base` that everything of them carries. */
export class AwsTarget extends CloudTarget {
  constructor(options: Omit<CloudTargetOptions, 'cloud'> & { readonly aws: CommandLine }) {
    super({ ...options, cloud: new AwsCloud(options.aws, options.settings) })
  }
}

class AwsCloud implements Cloud {
  readonly name = 'aws'
  private readonly aws: CommandLine
  private readonly settings: CloudSettings

  constructor(aws: CommandLine, settings: CloudSettings) {
    this.aws = aws
    this.settings = settings
  }

  async inventory(cluster?: string): Promise<readonly InventoryItem[]> {
    const ours = [
      `Name=tag:bullpen:base,Values=${this.settings.base.name}`,
      ...(cluster === undefined ? [] : [`Name=tag:bullpen:cluster,Values=${cluster}`]),
    ]
    const { AutoScalingGroups: groups } = answered(
      this.name,
      'its groups',
      Groups,
      await this.look('autoscaling', 'describe-auto-scaling-groups', '--filters', ...ours),
    )
    const filters = [...ours, `Name=instance-state-name,Values=${living}`]
    const { Reservations: reservations } = answered(
      this.name,
      'its hosts',
      Hosts,
      await this.look('ec2', 'describe-instances', '--filters', ...filters),
    )
    const hosts = reservations.flatMap(({ Instances }) => Instances)
    return [
      ...groups.map(({ AutoScalingGroupName: group, DesiredCapacity: wanted, Tags: tags = [] }) => {
        return { ...of(tags), what: 'host' as const, place: group, detail: `group ${group}, ${wanted} hosts wanted` }
      }),
      ...hosts.map(({ InstanceId: id, InstanceType: type, State: state, Tags: tags = [] }) => {
        return { ...of(tags), what: 'host' as const, place: id, detail: `instance ${id} ${type} ${state.Name}` }
      }),
      ...(await this.locks(cluster)),
    ]
  }

  async end({ what, place, detail }: InventoryItem): Promise<void> {
    if (what === 'host' && detail.startsWith('group ')) {
      const words = ['--auto-scaling-group-name', place, '--force-delete']
      return this.change(/not found/, 'autoscaling', 'delete-auto-scaling-group', ...words)
    }
    if (what === 'host') {
      return this.change(/InvalidInstanceID.NotFound/, 'ec2', 'terminate-instances', '--instance-ids', place)
    }
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(detail) ?? []
    if (bucket !== undefined && key !== undefined) {
      await this.change(/NoSuchKey/, 's3api', 'delete-object', '--bucket', bucket, '--key', key)
    }
  }

  async renewed(cluster: string, endsAt: number): Promise<void> {
    const { name, scheduleGroup } = this.settings.base
    const at = secondOf(endsAt)
    const none = ['--min-size', '0', '--max-size', '0', '--desired-capacity', '0']
    const group = ['--auto-scaling-group-name', `${name}-${cluster}-workers`]
    const action = ['--scheduled-action-name', 'term', '--start-time', at]
    await this.change(null, 'autoscaling', 'put-scheduled-update-group-action', ...group, ...action, ...none)
    const schedule = ['--name', `${name}-${cluster}-redis`, '--group-name', scheduleGroup ?? 'default']
    const { Target: target } = answered(
      this.name,
      'the schedule',
      Schedule,
      await this.look('scheduler', 'get-schedule', ...schedule),
    )
    const expression = ['--schedule-expression', `at(${at.replace('Z', '')})`, '--schedule-expression-timezone', 'UTC']
    const rest = ['--flexible-time-window', '{"Mode":"OFF"}', '--target', JSON.stringify(target)]
    await this.change(null, 'scheduler', 'update-schedule', ...schedule, ...expression, ...rest)
  }

  async secret(name: string): Promise<string> {
    const answer = await this.look('secretsmanager', 'get-secret-value', '--secret-id', name)
    return answered(this.name, 'the secret store', Secret, answer).SecretString
  }

  /** Locks on states, and states, in a bucket of AWS. Elsewhere they lie in the database or in the cluster's folder. */
  private async locks(cluster?: string): Promise<InventoryItem[]> {
    const { state } = this.settings
    if (state.kind !== 's3' || state.endpoint !== undefined) return []
    const prefix = `${state.prefix}/${cluster === undefined ? '' : `${cluster}.tfstate`}`
    const answer = await this.look('s3api', 'list-objects-v2', '--bucket', state.bucket, '--prefix', prefix)
    const { Contents: objects = [] } = answered(this.name, 'its states', Objects, answer ?? {})
    return objects.flatMap(({ Key: key }): InventoryItem[] => {
      const [, name, lock] = /([^/]+)\.tfstate(\.tflock)?$/.exec(key) ?? []
      if (name === undefined || name === this.baseState || key.slice(state.prefix.length + 1).includes('/')) return []
      const detail = `s3://${state.bucket}/${key}`
      const what = lock === undefined ? 'state' : 'state-lock'
      return [{ rental: '', cluster: name, what, place: state.bucket, detail }]
    })
  }

  /** The state of the base may lie beside those of clusters, and is none. */
  private get baseState(): string {
    return `${this.settings.base.name}-base`
  }

  private look(...words: readonly string[]): Promise<unknown> {
    return this.aws.ask('look', ...words, ...this.everywhere())
  }

  /** @param gone what the command says of a thing that is not there any more, which is no failure */
  private async change(gone: RegExp | null, ...words: readonly string[]): Promise<void> {
    try {
      await this.aws.ask('change', ...words, ...this.everywhere())
    } catch (error) {
      if (!gone?.test((error as Error).message)) throw error
    }
  }

  private everywhere(): string[] {
    const { region } = this.settings.base
    return [...(region === undefined ? [] : ['--region', region]), '--output', 'json', '--no-cli-pager']
  }
}

function of(tags: TagList): Pick<InventoryItem, 'rental' | 'cluster'> {
  const tag = (key: string) => tags.find(({ Key }) => Key === key)?.Value ?? ''
  return { rental: tag('bullpen:rental'), cluster: tag('bullpen:cluster') }
}
