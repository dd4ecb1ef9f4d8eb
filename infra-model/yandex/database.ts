import type { TerraformStack } from 'cdktn'
import type { YandexBaseInputs } from '../inputs/yandex-base-inputs.ts'
import type { addNetwork, Named } from './network.ts'
import { YandexResource } from './resource.ts'

/** What the database stands on. */
export interface DatabasePlace {
  readonly named: Named
  readonly key: YandexResource<'yandex_kms_symmetric_key'>
  readonly network: ReturnType<typeof addNetwork>
}

/**
 * Managed PostgreSQL, private, encrypted, backed up. The cloud makes the password of its user and keeps it in its own
 * store. Sessions are pooled whole: LISTEN and advisory locks need them.
 */
export function addDatabase(
  stack: TerraformStack,
  { zone, database }: YandexBaseInputs,
  { named, key, network }: DatabasePlace,
): YandexResource<'yandex_mdb_postgresql_cluster'> {
  const cluster = new YandexResource(
    stack,
    'database',
    'yandex_mdb_postgresql_cluster',
    {
      ...named('database'),
      environment: 'PRODUCTION',
      network_id: network.network.id,
      security_group_ids: [network.groups.database.id],
      deletion_protection: true,
      disk_encryption_key_id: key.id,
      config: [
        {
          version: database.version,
          resources: [
            { resource_preset_id: database.preset, disk_type_id: 'network-ssd', disk_size: database.storageGb },
          ],
          pooler_config: [{ pooling_mode: 'SESSION' }],
          backup_retain_period_days: database.backupDays,
          backup_window_start: [{ hours: 0, minutes: 0 }],
          access: [{ web_sql: false, data_lens: false, serverless: false }],
        },
      ],
      maintenance_window: [{ type: 'WEEKLY', day: 'SUN', hour: 1 }],
      host: [{ zone, subnet_id: network.subnet.id, assign_public_ip: false }],
    },
    { preventDestroy: true },
  )
  const user = new YandexResource(stack, 'database-user', 'yandex_mdb_postgresql_user', {
    cluster_id: cluster.id,
    name: 'bullpen',
    generate_password: true,
    conn_limit: 100,
  })
  new YandexResource(stack, 'database-name', 'yandex_mdb_postgresql_database', {
    cluster_id: cluster.id,
    name: 'bullpen',
    owner: user.getStringAttribute('name'),
  })
  return cluster
}
