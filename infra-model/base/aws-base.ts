import { TerraformOutput, TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { DataAwsCallerIdentity } from '@cdktn/provider-aws/lib/data-aws-caller-identity/index.js'
import { AwsProvider } from '@cdktn/provider-aws/lib/provider/index.js'
import { SchedulerScheduleGroup } from '@cdktn/provider-aws/lib/scheduler-schedule-group/index.js'
import { awsBaseInputs } from '../inputs/aws-base-inputs.ts'
import { keepState } from '../inputs/state.ts'
import type { AwsBaseOutput } from '../outputs.ts'
import { addBucket } from './bucket.ts'
import { addDatabase } from './database.ts'
import { addImages } from './images.ts'
import { addKey } from './key.ts'
import { addNetwork } from './network.ts'
import { addRoles } from './roles.ts'
import { addSecrets } from './secrets.ts'
import { addSecurityGroups } from './security-groups.ts'

/**
 * What outlives every cluster: bucket, database, network, roles, secrets without their values, image repository. It is
 * made once and costs money all the time (docs/operations.md says how much). Throws InputsInvalid.
 */
export function awsBase(app: Construct, raw: unknown): TerraformStack {
  const inputs = awsBaseInputs(raw)
  const { name, region } = inputs
  const stack = new TerraformStack(app, 'aws-base')
  keepState(stack, inputs.state, `${name}-base`)
  new AwsProvider(stack, 'aws', { region, defaultTags: [{ tags: { 'bullpen:base': name } }] })
  const account = new DataAwsCallerIdentity(stack, 'caller').accountId

  const key = addKey(stack, name)
  const bucket = addBucket(stack, inputs, key)
  const network = addNetwork(stack, inputs)
  const groups = addSecurityGroups(stack, name, network, region)
  const database = addDatabase(stack, inputs, { key, subnets: network.subnets, group: groups.database })
  const secrets = addSecrets(stack, name, key)
  const images = addImages(stack, name, key)
  const roles = addRoles(stack, { name, region, account, key, bucket, secrets, images })
  const schedules = new SchedulerScheduleGroup(stack, 'terms', { name: `${name}-terms` })

  const output: AwsBaseOutput = {
    name,
    region,
    account,
    bucket: bucket.bucket,
    objects: `s3://${bucket.bucket}/objects`,
    subnets: network.subnets.map((subnet) => subnet.id),
    workerSecurityGroup: groups.worker.id,
    redisSecurityGroup: groups.redis.id,
    coordinatorSecurityGroup: groups.coordinator.id,
    workerProfile: roles.workerProfile,
    redisProfile: roles.redisProfile,
    termRole: roles.termRole,
    scheduleGroup: schedules.name,
    databaseAddress: database.address,
    databaseUrlSecret: secrets.databaseUrl.name,
    redisPasswordSecret: secrets.redisPassword.name,
    images: images.repositoryUrl,
  }
  new TerraformOutput(stack, 'base', { value: output })
  return stack
}
