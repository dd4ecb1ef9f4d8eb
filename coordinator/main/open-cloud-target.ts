import { BullpenError } from '#core/errors'
import type { Target } from '#core/protocol'
import type { Config } from '#platform/config'
import { Terraform, type StateBackend } from '#platform/terraform'
import { AwsTarget, CommandLine, readCloudSettings, YandexTarget, type CloudSettings } from '../targets/index.ts'
import { cloudInfra } from './load-cloud-infra.ts'

/** A cloud, by the settings in `<home>/targets/<name>.json`. Throws USAGE when they are not there or not whole. */
export function openCloudTarget(name: 'aws' | 'yandex', config: Config, note: (text: string) => void): Target {
  const { home, databaseUrl } = config
  const settings = readCloudSettings(home, name)
  const terraform = (cluster: string, folder: string) =>
    new Terraform({ folder, target: name, backend: backendOf(settings, cluster, databaseUrl) })
  const options = { home, infra: cloudInfra, terraform, note, settings }
  return name === 'aws'
    ? new AwsTarget({ ...options, aws: new CommandLine(name, ['aws']) })
    : new YandexTarget({ ...options, yc: new CommandLine(name, ['yc']) })
}

/** The same places that the stacks themselves name. */
function backendOf({ state }: CloudSettings, cluster: string, databaseUrl: string | undefined): StateBackend {
  switch (state.kind) {
    case 'local':
      return state
    case 's3':
      return {
        kind: 's3',
        bucket: state.bucket,
        region: state.region,
        key: `${state.prefix}/${cluster}.tfstate`,
        ...(state.endpoint === undefined ? {} : { endpoint: state.endpoint }),
      }
    case 'pg':
      if (databaseUrl === undefined) {
        throw new BullpenError('USAGE', { reason: 'a state in PostgreSQL needs DATABASE_URL' })
      }
      return { kind: 'pg', url: databaseUrl, schema: `${state.schema}_${cluster.replaceAll('-', '_')}` }
  }
}
