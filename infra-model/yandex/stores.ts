import type { TerraformStack } from 'cdktn'
import type { YandexBaseInputs } from '../inputs/yandex-base-inputs.ts'
import { memberOf, type Account } from './accounts.ts'
import type { Named } from './network.ts'
import { YandexResource } from './resource.ts'

/** What the stores stand on. */
export interface StorePlace {
  readonly named: Named
  readonly key: YandexResource<'yandex_kms_symmetric_key'>
  /** The only account, besides people with a role in the folder, that may use them. */
  readonly host: Account
}

/**
 * Bucket of objects, secrets and images. The bucket is private, encrypted and versioned; hosts may read and write in it
 * and delete nothing. Values of secrets are put there by hand, except the key to the bucket: the cloud writes it into its
 * store by itself, so that no state holds it.
 */
export function addStores(stack: TerraformStack, inputs: YandexBaseInputs, { named, key, host }: StorePlace) {
  const members = [memberOf(host)]
  const bucket = new YandexResource(
    stack,
    'bucket',
    'yandex_storage_bucket',
    {
      bucket: inputs.bucket,
      folder_id: inputs.folder,
      anonymous_access_flags: [{ read: false, list: false, config_read: false }],
      versioning: [{ enabled: true }],
      server_side_encryption_configuration: [
        {
          rule: [
            { apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: key.id }] },
          ],
        },
      ],
      lifecycle_rule: [
        { id: 'broken-uploads', enabled: true, abort_incomplete_multipart_upload_days: 7 },
        { id: 'old-versions', enabled: true, noncurrent_version_expiration: [{ days: inputs.keepVersionsDays }] },
      ],
    },
    { preventDestroy: true },
  )
  new YandexResource(stack, 'bucket-host', 'yandex_storage_bucket_iam_binding', {
    bucket: bucket.getStringAttribute('bucket'),
    role: 'storage.uploader',
    members,
  })
  new YandexResource(stack, 'key-host', 'yandex_kms_symmetric_key_iam_binding', {
    symmetric_key_id: key.id,
    role: 'kms.keys.encrypterDecrypter',
    members,
  })

  const secret = (id: string, description: string) => {
    const made = new YandexResource(stack, id, 'yandex_lockbox_secret', {
      ...named(id),
      description,
      kms_key_id: key.id,
      deletion_protection: true,
    })
    new YandexResource(stack, `${id}-host`, 'yandex_lockbox_secret_iam_binding', {
      secret_id: made.id,
      role: 'lockbox.payloadViewer',
      members,
    })
    return made
  }
  const objectKey = secret('object-key', 'access key of the hosts to the bucket')
  new YandexResource(stack, 'object-key-value', 'yandex_iam_service_account_static_access_key', {
    service_account_id: host.id,
    description: 'objects',
    output_to_lockbox: [{ secret_id: objectKey.id, entry_for_access_key: 'access', entry_for_secret_key: 'secret' }],
  })
  const images = new YandexResource(stack, 'images', 'yandex_container_registry', named('images'))
  new YandexResource(stack, 'images-host', 'yandex_container_registry_iam_binding', {
    registry_id: images.id,
    role: 'container-registry.images.puller',
    members,
  })
  return {
    databaseUrl: secret('database-url', 'entry value: DATABASE_URL of agents and coordinators'),
    redisPassword: secret('redis-password', 'entry value: password of the Redis of every cluster'),
    objectKey,
    images,
  }
}
