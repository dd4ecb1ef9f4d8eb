import type { TerraformStack } from 'cdktn'
import { Instance } from '@cdktn/provider-aws/lib/instance/index.js'
import { SchedulerSchedule } from '@cdktn/provider-aws/lib/scheduler-schedule/index.js'
import { redisHost } from '../cloud-init/redis-host.ts'
import { base64Of } from '../cloud-init/user-data.ts'
import type { AwsClusterInputs } from '../inputs/aws-cluster-inputs.ts'
import { readSecret } from './host-scripts.ts'
import { tagsOf } from './tags.ts'

/**
 * The Redis host, on demand: it is cheap, and its loss would hold up every worker. A schedule of AWS ends it at the end
 * of the term, so it lives no longer than the term even if every other program of ours is dead.
 */
export function addRedis(stack: TerraformStack, inputs: AwsClusterInputs, image: string): Instance {
  const { base, cluster, endsAt, maxLifetimeSeconds } = inputs
  const tags = tagsOf(inputs, 'redis')
  const userData = redisHost({
    maxLifetimeSeconds,
    install: 'dnf install -y -q redis6',
    server: '/usr/bin/redis6-server',
    password: readSecret(base.region, base.redisPasswordSecret),
    leave: 'systemctl poweroff\n',
  })
  const host = new Instance(stack, 'redis', {
    ami: image,
    instanceType: inputs.redisMachine.type,
    subnetId: base.subnets[0]!,
    vpcSecurityGroupIds: [base.redisSecurityGroup],
    associatePublicIpAddress: false,
    iamInstanceProfile: base.redisProfile,
    instanceInitiatedShutdownBehavior: 'terminate',
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    rootBlockDevice: { encrypted: true, volumeType: 'gp3', volumeSize: inputs.diskGb, deleteOnTermination: true, tags },
    userDataBase64: base64Of(userData),
    tags,
    // A newer system is no reason to take Redis away from a cluster that works.
    lifecycle: { ignoreChanges: ['ami'] },
  })
  new SchedulerSchedule(stack, 'redis-term', {
    name: `${base.name}-${cluster}-redis`,
    groupName: base.scheduleGroup,
    description: `ends the Redis host of ${cluster} with its term`,
    scheduleExpression: `at(${endsAt.replace('Z', '')})`,
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances',
      roleArn: base.termRole,
      input: `{"InstanceIds":["${host.id}"]}`,
      retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
    },
  })
  return host
}
