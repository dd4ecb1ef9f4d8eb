import { TerraformOutput, TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { keepState } from '../inputs/state.ts'
import { yandexBaseInputs } from '../inputs/yandex-base-inputs.ts'
import type { YandexBaseOutput } from '../outputs.ts'
import { addAccounts } from './accounts.ts'
import { addDatabase } from './database.ts'
import { addNetwork } from './network.ts'
import { addReaper } from './reaper.ts'
import { YandexProvider, YandexResource } from './resource.ts'
import { addStores } from './stores.ts'

/** What outlives every cluster on Yandex Cloud, and the function that ends clusters whose term is over. Throws InputsInvalid. */
export function yandexBase(app: Construct, raw: unknown): TerraformStack {
  const inputs = yandexBaseInputs(raw)
  const { name, folder, zone } = inputs
  const stack = new TerraformStack(app, 'yandex-base')
  keepState(stack, inputs.state, `${name}-base`)
  new YandexProvider(stack, { folder_id: folder, zone })
  const named = (suffix: string) => ({
    name: `${name}-${suffix}`,
    folder_id: folder,
    labels: { 'bullpen-base': name },
  })

  const key = new YandexResource(
    stack,
    'key',
    'yandex_kms_symmetric_key',
    { ...named('key'), default_algorithm: 'AES_256', rotation_period: '8760h', deletion_protection: true },
    { preventDestroy: true },
  )
  const network = addNetwork(stack, inputs, named)
  const accounts = addAccounts(stack, inputs)
  const stores = addStores(stack, inputs, { named, key, host: accounts.host })
  const database = addDatabase(stack, inputs, { named, key, network })
  const reaper = addReaper(stack, inputs, { named, callers: [accounts.host] })

  const output: YandexBaseOutput = {
    name,
    folder,
    zone,
    bucket: inputs.bucket,
    objects: `s3://${inputs.bucket}/objects`,
    network: network.network.id,
    subnet: network.subnet.id,
    workerSecurityGroup: network.groups.worker.id,
    redisSecurityGroup: network.groups.redis.id,
    coordinatorSecurityGroup: network.groups.coordinator.id,
    hostAccount: accounts.host.id,
    groupAccount: accounts.group.id,
    databaseAddress: `c-${database.id}.rw.mdb.yandexcloud.net`,
    databaseUrlSecret: stores.databaseUrl.id,
    redisPasswordSecret: stores.redisPassword.id,
    objectKeySecret: stores.objectKey.id,
    reaper: reaper.id,
    diskKey: key.id,
    images: `cr.yandex/${stores.images.id}`,
  }
  new TerraformOutput(stack, 'base', { value: output })
  return stack
}
