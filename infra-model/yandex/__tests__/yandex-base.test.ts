import { describe, expect, test } from '@jest/globals'
import { exampleInputs, synthesized } from '../../testing/index.ts'
import { yandexBase } from '../yandex-base.ts'

const base = synthesized(yandexBase, exampleInputs('yandex-base'))

test('the bucket is versioned, encrypted with our key, and open to nobody without a name', () => {
  expect(base.of('yandex_storage_bucket')).toEqual([
    expect.objectContaining({
      anonymous_access_flags: [{ read: false, list: false, config_read: false }],
      versioning: [{ enabled: true }],
      server_side_encryption_configuration: [
        {
          rule: [
            {
              apply_server_side_encryption_by_default: [
                { sse_algorithm: 'aws:kms', kms_master_key_id: '${yandex_kms_symmetric_key.key.id}' },
              ],
            },
          ],
        },
      ],
      lifecycle: { prevent_destroy: true },
    }),
  ])
})

test('the database is private, encrypted, backed up and hard to lose, and terraform knows no password of it', () => {
  expect(base.of('yandex_mdb_postgresql_cluster')[0]).toMatchObject({
    deletion_protection: true,
    disk_encryption_key_id: '${yandex_kms_symmetric_key.key.id}',
    config: [{ backup_retain_period_days: 14, pooler_config: [{ pooling_mode: 'SESSION' }] }],
    host: [{ assign_public_ip: false }],
    lifecycle: { prevent_destroy: true },
  })
  const [user] = base.of('yandex_mdb_postgresql_user')
  expect(user).toMatchObject({ generate_password: true })
  expect(user).not.toHaveProperty('password')
})

test('nothing listens to an address: every way in is from a group', () => {
  const rules = base.of('yandex_vpc_security_group_rule')
  const incoming = rules.filter(({ direction }) => direction === 'ingress')
  expect(incoming).toHaveLength(4)
  for (const rule of incoming) {
    expect(rule).toHaveProperty('security_group_id')
    expect(rule).not.toHaveProperty('v4_cidr_blocks')
  }
})

describe('rights', () => {
  test('of the account of hosts are bindings to single things, none in the folder', () => {
    const inFolder = base.of('yandex_resourcemanager_folder_iam_member').map(({ member }) => member)
    expect(inFolder).not.toContain('serviceAccount:${yandex_iam_service_account.host-account.id}')
    const bindings = base.resources.filter(({ type }) => type.endsWith('_iam_binding')).map(({ is }) => is['role'])
    expect(new Set(bindings)).toEqual(
      new Set([
        'storage.uploader',
        'kms.keys.encrypterDecrypter',
        'lockbox.payloadViewer',
        'container-registry.images.puller',
        'functions.functionInvoker',
      ]),
    )
  })

  test('in the folder are those that groups and the reaper cannot do without', () => {
    const inFolder = base.of('yandex_resourcemanager_folder_iam_member').map(({ member, role }) => {
      return `${/account\.(\w+)-account/.exec(String(member))?.[1] ?? ''} ${String(role)}`
    })
    expect(inFolder.sort()).toEqual([
      'group compute.editor',
      'group iam.serviceAccounts.user',
      'group kms.keys.encrypterDecrypter',
      'group vpc.user',
      'reaper compute.editor',
    ])
  })

  test('make nobody an admin or an editor of everything', () => {
    const roles = base.resources.flatMap(({ is }) => (typeof is['role'] === 'string' ? [is['role']] : []))
    expect(roles.filter((role) => /^(admin|editor|viewer)$|admin$/.test(role))).toEqual([])
  })
})

test('places for secrets are encrypted with our key, and hard to lose', () => {
  expect(base.of('yandex_lockbox_secret')).toHaveLength(3)
  for (const secret of base.of('yandex_lockbox_secret')) {
    expect(secret).toMatchObject({ kms_key_id: '${yandex_kms_symmetric_key.key.id}', deletion_protection: true })
  }
})

test('the key to the bucket goes into the secret store, not into the state', () => {
  expect(base.of('yandex_iam_service_account_static_access_key')[0]).toMatchObject({
    output_to_lockbox: [{ secret_id: '${yandex_lockbox_secret.object-key.id}' }],
  })
  expect(base.resources.map(({ type }) => type)).not.toContain('yandex_lockbox_secret_version')
})

test('a function of the cloud looks for lapsed terms once a minute', () => {
  expect(base.of('yandex_function_trigger')[0]).toMatchObject({ timer: [{ cron_expression: '* * * * ? *' }] })
  expect(base.of('yandex_function')[0]).toMatchObject({
    entrypoint: 'index.handler',
    environment: { BULLPEN_BASE: 'bullpen', BULLPEN_FOLDER: 'b1g00000000000000000' },
  })
})

test.each([
  [{ network: '0.0.0.0/0' }, /network: is a private network/],
  [{ folder: 'x' }, /folder: is the id of a folder/],
  [{ database: { backupDays: 1 } }, /database.backupDays: is 7 to 60 days/],
])('inputs %j are refused with one clear error', (changed, message) => {
  expect(() => synthesized(yandexBase, exampleInputs('yandex-base', changed))).toThrow(message)
})
