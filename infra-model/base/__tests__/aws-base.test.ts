import { describe, expect, test } from '@jest/globals'
import { Testing } from 'cdktn'
import { exampleInputs, synthesized } from '../../testing/index.ts'
import { awsBase } from '../aws-base.ts'

interface Statement {
  readonly Sid: string
  readonly Effect: string
  readonly Action: string | string[]
  readonly Resource?: string | string[]
  readonly Condition?: Record<string, Record<string, string>>
}

const base = synthesized(awsBase, exampleInputs('aws-base'))
const has = (type: string, properties: object) => Testing.toHaveResourceWithProperties(base.text, type, properties)
const statementsOf = (type: string, field: string) =>
  base.of(type).flatMap((one) => (JSON.parse(one[field] as string) as { Statement: Statement[] }).Statement)

describe('the bucket of the base', () => {
  test('is versioned, encrypted with our key, and owned by the account alone', () => {
    expect(has('aws_s3_bucket_versioning', { versioning_configuration: { status: 'Enabled' } })).toBe(true)
    const [encryption] = base.of('aws_s3_bucket_server_side_encryption_configuration')
    expect(encryption).toMatchObject({
      rule: [
        {
          bucket_key_enabled: true,
          apply_server_side_encryption_by_default: {
            sse_algorithm: 'aws:kms',
            kms_master_key_id: '${aws_kms_key.key.arn}',
          },
        },
      ],
    })
    expect(has('aws_s3_bucket_ownership_controls', { rule: { object_ownership: 'BucketOwnerEnforced' } })).toBe(true)
  })

  test('lets nobody of the public in, by any of the four ways', () => {
    expect(base.of('aws_s3_bucket').length).toBe(base.of('aws_s3_bucket_public_access_block').length)
    expect(
      has('aws_s3_bucket_public_access_block', {
        bucket: '${aws_s3_bucket.bucket.id}',
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      }),
    ).toBe(true)
  })

  test('refuses whatever is not TLS 1.2, and allows nothing by its policy', () => {
    const statements = statementsOf('aws_s3_bucket_policy', 'policy')
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny'])
    expect(statements.map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': '1.2' } },
    ])
  })

  test('is not destroyed with its stack, nor is the key, which is turned over and waits a month to go', () => {
    expect(base.of('aws_s3_bucket')[0]).toMatchObject({ lifecycle: { prevent_destroy: true } })
    expect(base.of('aws_kms_key')[0]).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    })
  })

  test('keeps overwritten objects for the asked days and clears broken uploads', () => {
    const kept = synthesized(awsBase, exampleInputs('aws-base', { keepVersionsDays: 400 }))
    expect(kept.of('aws_s3_bucket_lifecycle_configuration')[0]).toMatchObject({
      rule: [
        { abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] },
        { noncurrent_version_expiration: [{ noncurrent_days: 400 }] },
      ],
    })
  })
})

describe('the database of the base', () => {
  test('is private, encrypted, backed up, hard to lose, and speaks TLS only', () => {
    expect(
      has('aws_db_instance', {
        publicly_accessible: false,
        storage_encrypted: true,
        kms_key_id: '${aws_kms_key.key.arn}',
        backup_retention_period: 14,
        deletion_protection: true,
        skip_final_snapshot: false,
        delete_automated_backups: false,
        manage_master_user_password: true,
        vpc_security_group_ids: ['${aws_security_group.database-group.id}'],
        lifecycle: { prevent_destroy: true },
      }),
    ).toBe(true)
    expect(has('aws_db_parameter_group', { parameter: [{ name: 'rds.force_ssl', value: '1' }] })).toBe(true)
  })

  test('has no password that terraform knows', () => {
    expect(base.of('aws_db_instance').flatMap(Object.keys)).not.toContain('password')
  })
})

describe('the network of the base', () => {
  test('has no way to or from the internet', () => {
    const types = base.resources.map(({ type }) => type)
    for (const type of [
      'aws_internet_gateway',
      'aws_nat_gateway',
      'aws_egress_only_internet_gateway',
      'aws_eip',
      'aws_route',
    ]) {
      expect(types).not.toContain(type)
    }
    expect(base.of('aws_subnet').map((subnet) => subnet['map_public_ip_on_launch'])).toEqual([false, false])
  })

  test('opens ports between groups only, never to an address', () => {
    for (const { type, is } of base.resources) {
      if (type === 'aws_security_group') expect(Object.keys(is)).not.toEqual(expect.arrayContaining(['ingress']))
      if (!/security_group_(in|e)gress_rule$/.test(type)) continue
      for (const address of ['cidr_ipv4', 'cidr_ipv6']) expect(Object.keys(is)).not.toContain(address)
      expect(is['from_port']).toBe(is['to_port'])
      expect(is['ip_protocol']).toBe('tcp')
    }
    expect(base.text).not.toContain('0.0.0.0/0')
    expect(base.text).not.toContain('::/0')
    expect(base.of('aws_default_security_group')[0]).not.toHaveProperty('ingress')
  })
})

test('who may open a connection to whom is this and no more', () => {
  const nameOf = (reference: unknown) => /group\.(\w+)-group\.id/.exec(String(reference))?.[1]
  const ways = base.of('aws_vpc_security_group_ingress_rule').map((rule) => {
    const [from, to] = [nameOf(rule['referenced_security_group_id']), nameOf(rule['security_group_id'])]
    return `${from!} to ${to!} ${String(rule['from_port'])}`
  })
  expect(ways.sort()).toEqual([
    'coordinator to database 5432',
    'coordinator to redis 6379',
    'coordinator to services 443',
    'redis to services 443',
    'worker to database 5432',
    'worker to redis 6379',
    'worker to services 443',
  ])
})

describe('the roles of the base', () => {
  const statements = statementsOf('aws_iam_role_policy', 'policy')
  const list = (value: string | string[] | undefined) => [value ?? []].flat()

  test('name every action', () => {
    expect(statements.flatMap(({ Action }) => list(Action)).filter((action) => action.includes('*'))).toEqual([])
  })

  test('name every resource, except where AWS knows no narrower one', () => {
    const wide = statements.filter(({ Resource }) => list(Resource).includes('*')).map(({ Sid }) => Sid)
    expect(wide).toEqual(['LogInForImages'])
  })

  test('limit what ends hosts and groups to those of this base', () => {
    for (const sid of ['LeaveItsGroup', 'EndHostsOfThisBase']) {
      expect(statements.find(({ Sid }) => Sid === sid)?.Condition).toEqual({
        StringEquals: { 'aws:ResourceTag/bullpen:base': 'bullpen' },
      })
    }
  })

  test('let a worker touch objects, the authority of the database, and its two secrets', () => {
    const worker = base.of('aws_iam_role_policy').find(({ name }) => name === 'bullpen-worker')
    const { Statement } = JSON.parse(worker?.['policy'] as string) as { Statement: Statement[] }
    const touched = (prefix: string) =>
      Statement.filter(({ Action }) => list(Action).some((action) => action.startsWith(prefix))).flatMap(
        ({ Resource }) => list(Resource),
      )
    expect(touched('s3:')).toEqual([
      '${aws_s3_bucket.bucket.arn}/objects/*',
      '${aws_s3_bucket.bucket.arn}/ca/*',
      '${aws_s3_bucket.bucket.arn}',
    ])
    expect(touched('secretsmanager:')).toEqual([
      '${aws_secretsmanager_secret.database-url.arn}',
      '${aws_secretsmanager_secret.redis-password.arn}',
    ])
    expect(Statement.flatMap(({ Action }) => list(Action))).not.toContain('s3:DeleteObject')
  })

  test('use the key through the one service that each statement is for', () => {
    const ofKey = statements.filter(({ Action }) => list(Action).some((action) => action.startsWith('kms:')))
    expect(ofKey.length).toBe(3)
    for (const { Condition } of ofKey) {
      expect(Condition?.['StringEquals']?.['kms:ViaService']).toMatch(
        /^(s3|secretsmanager)\.eu-central-1\.amazonaws\.com$/,
      )
    }
  })

  test('let Redis read its own password and nothing else', () => {
    const redis = base.of('aws_iam_role_policy').find(({ name }) => name === 'bullpen-redis')
    const { Statement } = JSON.parse(redis?.['policy'] as string) as { Statement: Statement[] }
    expect(Statement.map(({ Action, Resource }) => [list(Action), list(Resource)])).toEqual([
      [['secretsmanager:GetSecretValue'], ['${aws_secretsmanager_secret.redis-password.arn}']],
      [['kms:Decrypt'], ['${aws_kms_key.key.arn}']],
    ])
  })

  test('are lent to the scheduler for this account only', () => {
    const [lent] = statementsOf('aws_iam_role', 'assume_role_policy').filter(({ Condition }) => Condition !== undefined)
    expect(lent).toMatchObject({
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.caller.account_id}' } },
    })
  })

  test('are taken on by the service they are for, and by nobody else', () => {
    const trusted = statementsOf('aws_iam_role', 'assume_role_policy').map(
      (statement) => (statement as unknown as { Principal: { Service: string } }).Principal.Service,
    )
    expect(trusted).toEqual(['ec2.amazonaws.com', 'scheduler.amazonaws.com', 'ec2.amazonaws.com'])
  })
})

test('the base holds places for secrets and no secret', () => {
  expect(base.of('aws_secretsmanager_secret').map((secret) => secret['kms_key_id'])).toEqual([
    '${aws_kms_key.key.arn}',
    '${aws_kms_key.key.arn}',
  ])
  expect(base.resources.map(({ type }) => type)).not.toContain('aws_secretsmanager_secret_version')
})

test('images are scanned, encrypted, and their tags never move', () => {
  expect(
    has('aws_ecr_repository', {
      image_tag_mutability: 'IMMUTABLE',
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: 'KMS', kms_key: '${aws_kms_key.key.arn}' }],
    }),
  ).toBe(true)
})

test('everything of the base carries its name', () => {
  expect(
    Testing.toHaveProviderWithProperties(base.text, 'aws', { default_tags: [{ tags: { 'bullpen:base': 'bullpen' } }] }),
  ).toBe(true)
})

test.each([
  [{ network: '52.1.0.0/16' }, /network: is a private \/16/],
  [{ network: '0.0.0.0/0' }, /network: is a private \/16/],
  [{ zones: ['eu-central-1a', 'us-east-1a'] }, /zones: us-east-1a is not in eu-central-1/],
  [{ zones: ['eu-central-1a'] }, /zones: are 2 to 4/],
  [{ database: { backupDays: 0 } }, /database.backupDays: is 7 to 35 days/],
  [{ bucket: 'Not.A.Bucket', name: 'X' }, /name: is 2 to 21.*; bucket: is a bucket name/],
  [{ state: { kind: 's3' } }, /state: is \{"kind":"local"\}/],
])('inputs %j are refused with one clear error', (changed, message) => {
  expect(() => synthesized(awsBase, exampleInputs('aws-base', changed))).toThrow(message)
})
