import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target, TargetName } from '#core/protocol'
import type { Config } from '#platform/config'
import { LocalTarget, SshTarget } from '../targets/index.ts'
import { loadInfra } from './load-infra.ts'
import { openCloudTarget } from './open-cloud-target.ts'

/** A place where machines are rented, ready to be asked. */
export function openTarget(name: TargetName, config: Config, note: (text: string) => void): Target {
  if (name === 'aws' || name === 'yandex') return openCloudTarget(name, config, note)
  const common = { home: config.home, infra: loadInfra, note }
  if (name === 'ssh') return new SshTarget({ ...common, hostsFile: config.hosts, env: hostEnvironment(config) })
  return new LocalTarget({ ...common, bullpen: bullpenCommand(), env: localEnvironment(config) })
}

/** The bullpen command of this machine. */
export function bullpenCommand(): readonly string[] {
  return [process.execPath, fileURLToPath(new URL('./bullpen.js', import.meta.url))]
}

/** What agents anywhere must be told to meet this coordinator's database and objects. Their queue is their cluster's. */
function agentEnvironment({ databaseUrl, objects, s3Endpoint, leaseMs }: Config): Record<string, string> {
  return {
    BULLPEN_OBJECTS: objects,
    BULLPEN_LEASE_SECONDS: String(leaseMs / 1000),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(s3Endpoint === undefined ? {} : { S3_ENDPOINT: s3Endpoint }),
  }
}

/** Agents here work in another folder: a relative path would lead elsewhere. */
function localEnvironment(config: Config): Record<string, string> {
  const { xgboostLibrary } = config
  return {
    ...agentEnvironment(config),
    ...(xgboostLibrary === undefined ? {} : { XGBOOST_LIBRARY: resolve(xgboostLibrary) }),
  }
}

/** Agents on hosts inherit nothing: the credentials of the object store are the ones that the SDK finds here. */
function hostEnvironment(config: Config): Record<string, string> {
  const credentials = Object.entries(process.env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION)$/.test(entry[0])
  })
  return { ...agentEnvironment(config), ...(config.objects.startsWith('s3:') ? Object.fromEntries(credentials) : {}) }
}
