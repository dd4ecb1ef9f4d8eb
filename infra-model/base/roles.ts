import type { TerraformStack } from 'cdktn'
import type { EcrRepository } from '@cdktn/provider-aws/lib/ecr-repository/index.js'
import { IamInstanceProfile } from '@cdktn/provider-aws/lib/iam-instance-profile/index.js'
import { IamRole } from '@cdktn/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy } from '@cdktn/provider-aws/lib/iam-role-policy/index.js'
import type { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js'
import type { S3Bucket } from '@cdktn/provider-aws/lib/s3-bucket/index.js'
import type { Secrets } from './secrets.ts'

/** What the roles may touch parts of. */
export interface RoleScope {
  readonly name: string
  readonly region: string
  readonly account: string
  readonly key: KmsKey
  readonly bucket: S3Bucket
  readonly secrets: Secrets
  readonly images: EcrRepository
}

interface Statement {
  readonly Sid: string
  readonly Action: readonly string[]
  readonly Resource: readonly string[] | '*'
  readonly Condition?: object
}

/**
 * Roles that may do what their bearer needs and no more. They are part of the base, so whoever starts clusters needs no
 * right to make roles, only to pass these.
 */
export function addRoles(stack: TerraformStack, scope: RoleScope) {
  const { name, account } = scope
  const worker = addRole(stack, `${name}-worker`, 'worker', trust('ec2.amazonaws.com'), workerMay(scope))
  const redis = addRole(
    stack,
    `${name}-redis`,
    'redis',
    trust('ec2.amazonaws.com'),
    readSecrets(scope, [scope.secrets.redisPassword.arn]),
  )
  const term = addRole(
    stack,
    `${name}-term`,
    'term',
    trust('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } }),
    [
      {
        Sid: 'EndHostsOfThisBase',
        Action: ['ec2:TerminateInstances'],
        Resource: [`arn:aws:ec2:${scope.region}:${account}:instance/*`],
        Condition: { StringEquals: { 'aws:ResourceTag/bullpen:base': name } },
      },
    ],
  )
  const profile = (id: string, role: IamRole) =>
    new IamInstanceProfile(stack, `${id}-profile`, { name: role.name, role: role.name }).name
  return { workerProfile: profile('worker', worker), redisProfile: profile('redis', redis), termRole: term.arn }
}

function workerMay(scope: RoleScope): Statement[] {
  const { name, region, account, bucket, secrets, images } = scope
  return [
    {
      Sid: 'Objects',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: [`${bucket.arn}/objects/*`],
    },
    { Sid: 'AuthorityOfTheDatabase', Action: ['s3:GetObject'], Resource: [`${bucket.arn}/ca/*`] },
    // Without it a missing object is answered with 403 instead of 404.
    {
      Sid: 'WhetherAnObjectExists',
      Action: ['s3:ListBucket'],
      Resource: [bucket.arn],
      Condition: { StringLike: { 's3:prefix': 'objects/*' } },
    },
    {
      Sid: 'KeyOfTheObjects',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [scope.key.arn],
      Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    },
    ...readSecrets(scope, [secrets.databaseUrl.arn, secrets.redisPassword.arn]),
    {
      Sid: 'Images',
      Action: ['ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer'],
      Resource: [images.arn],
    },
    // AWS knows no narrower resource for it.
    { Sid: 'LogInForImages', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
    {
      Sid: 'LeaveItsGroup',
      Action: ['autoscaling:TerminateInstanceInAutoScalingGroup'],
      Resource: [`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${name}-*`],
      Condition: { StringEquals: { 'aws:ResourceTag/bullpen:base': name } },
    },
  ]
}

/** The secrets, and their key by way of the secret store only. */
function readSecrets({ key, region }: RoleScope, arns: readonly string[]): Statement[] {
  return [
    { Sid: 'Secrets', Action: ['secretsmanager:GetSecretValue'], Resource: arns },
    {
      Sid: 'KeyOfTheSecrets',
      Action: ['kms:Decrypt'],
      Resource: [key.arn],
      Condition: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
    },
  ]
}

function addRole(
  stack: TerraformStack,
  name: string,
  id: string,
  trusted: string,
  statements: readonly Statement[],
): IamRole {
  const role = new IamRole(stack, `${id}-role`, { name, assumeRolePolicy: trusted, maxSessionDuration: 3600 })
  new IamRolePolicy(stack, `${id}-may`, {
    name,
    role: role.name,
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
    }),
  })
  return role
}

function trust(service: string, condition?: object): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  })
}
