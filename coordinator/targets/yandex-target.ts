import { Type } from '@sinclair/typebox'
import type { InventoryItem } from '#core/protocol'
import { answered } from './cloud/answered.ts'
import type { CloudSettings } from './cloud/cloud-settings.ts'
import { CloudTarget, type CloudTargetOptions } from './cloud/cloud-target.ts'
import type { Cloud } from './cloud/cloud.ts'
import type { CommandLine } from './cloud/command-line.ts'

const Things = Type.Union([
  Type.Null(),
  Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.Optional(Type.String()),
      status: Type.Optional(Type.String()),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
  ),
])
const Payload = Type.Object({
  entries: Type.Array(Type.Object({ key: Type.String(), text_value: Type.Optional(Type.String()) })),
})

const kinds = ['instance-group', 'instance'] as const

/** Clusters on Yandex Cloud, found by the label `bullpen-base` in the folder of the base. */
export class YandexTarget extends CloudTarget {
  constructor(options: Omit<CloudTargetOptions, 'cloud'> & { readonly yc: CommandLine }) {
    super({ ...options, cloud: new YandexCloud(options.yc, options.settings) })
  }
}

class YandexCloud implements Cloud {
  readonly name = 'yandex'
  private readonly yc: CommandLine
  private readonly settings: CloudSettings

  constructor(yc: CommandLine, settings: CloudSettings) {
    this.yc = yc
    this.settings = settings
  }

  async inventory(cluster?: string): Promise<readonly InventoryItem[]> {
    const found: InventoryItem[] = []
    for (const kind of kinds) {
      const things = answered(this.name, `its ${kind}s`, Things, await this.ask('look', kind, 'list', ...this.folder()))
      for (const { id, name = '', status = '', labels = {} } of things ?? []) {
        const of = labels['bullpen-cluster'] ?? ''
        if (labels['bullpen-base'] !== this.settings.base.name || (cluster !== undefined && of !== cluster)) continue
        const rental = (labels['bullpen-rental'] ?? '').replace('@', '#')
        found.push({
          rental,
          cluster: of,
          what: 'host',
          place: id,
          detail: [kind, id, name, status].filter((word) => word !== '').join(' '),
        })
      }
    }
    return found
  }

  async end({ what, place, detail }: InventoryItem): Promise<void> {
    const kind = kinds.find((one) => detail.startsWith(`${one} `))
    if (what !== 'host' || kind === undefined) return
    try {
      await this.ask('change', kind, 'delete', '--id', place)
    } catch (error) {
      if (!/NotFound|not found/.test((error as Error).message)) throw error
    }
  }

  async renewed(cluster: string, endsAt: number): Promise<void> {
    const label = `bullpen-expires=${Math.floor(endsAt / 1000)}`
    for (const { detail, place, rental } of await this.inventory(cluster)) {
      // The reaper reads the label of a group, not those of its hosts.
      const kind = kinds.find((one) => detail.startsWith(`${one} `))!
      if (kind === 'instance' && !rental.includes('/redis#')) continue
      await this.ask('change', kind, 'add-labels', '--id', place, '--labels', label)
    }
  }

  async secret(name: string): Promise<string> {
    const answer = await this.yc.ask('look', 'lockbox', 'payload', 'get', '--id', name, '--format', 'json')
    const { entries } = answered(this.name, 'the secret store', Payload, answer)
    return entries.find(({ key }) => key === 'value')?.text_value ?? ''
  }

  private ask(purpose: 'look' | 'change', ...words: readonly string[]): Promise<unknown> {
    return this.yc.ask(purpose, 'compute', ...words, '--format', 'json')
  }

  private folder(): string[] {
    const { folder } = this.settings.base
    return folder === undefined ? [] : ['--folder-id', folder]
  }
}
