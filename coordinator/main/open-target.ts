import { fileURLToPath } from 'node:url'
import { BullpenError } from '#core/errors'
import type { Target, TargetName } from '#core/protocol'
import type { Config } from '#platform/config'
import { LocalTarget } from '../targets/index.ts'
import { loadInfra } from './load-infra.ts'
import { openCloudTarget } from './open-cloud-target.ts'

/** A place where machines are rented, ready to be asked. Throws USAGE for one that this version cannot rent at. */
export function openTarget(name: TargetName, config: Config, note: (text: string) => void): Target {
  if (name === 'aws' || name === 'yandex') return openCloudTarget(name, config, note)
  if (name !== 'local') throw new BullpenError('USAGE', { reason: `nothing can be rented at ${name} yet` })
  const { home } = config
  return new LocalTarget({
    home,
    bullpen: bullpenCommand(),
    env: agentEnvironment(config),
    infra: loadInfra,
    note,
  })
}

/** The bullpen command of this machine. */
export function bullpenCommand(): readonly string[] {
  return [process.execPath, fileURLToPath(new URL('./bullpen.js', import.meta.url))]
}

/** What agents must be told to meet this coordinator's database and objects. The queue they learn from their cluster. */
function agentEnvironment({ databaseUrl, objects, s3Endpoint, xgboostLibrary }: Config): Record<string, string> {
  return {
    BULLPEN_OBJECTS: objects,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(s3Endpoint === undefined ? {} : { S3_ENDPOINT: s3Endpoint }),
    ...(xgboostLibrary === undefined ? {} : { XGBOOST_LIBRARY: xgboostLibrary }),
  }
}
