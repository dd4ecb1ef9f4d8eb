import { TerraformOutput, TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { DataAwsSsmParameter } from '@cdktn/provider-aws/lib/data-aws-ssm-parameter/index.js'
import { AwsProvider } from '@cdktn/provider-aws/lib/provider/index.js'
import { awsClusterInputs } from '../inputs/aws-cluster-inputs.ts'
import { keepState } from '../inputs/state.ts'
import type { ClusterOutput } from '../outputs.ts'
import { addRedis } from './redis.ts'
import { tagsOf } from './tags.ts'
import { addWorkers } from './workers.ts'

/** The system of all hosts: the newest Amazon Linux 2023. Its packages lie in S3, so hosts need no way to the internet. */
const system = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'

/**
 * What is rented for a run: a Redis host and a group of workers. AWS itself ends both at `endsAt`, whoever died in
 * between; each host ends itself when it has no work, or after its longest lifetime. Throws InputsInvalid.
 */
export function awsCluster(app: Construct, raw: unknown): TerraformStack {
  const inputs = awsClusterInputs(raw)
  const stack = new TerraformStack(app, 'aws-cluster')
  keepState(stack, inputs.state, inputs.cluster)
  new AwsProvider(stack, 'aws', { region: inputs.base.region, defaultTags: [{ tags: tagsOf(inputs) }] })
  const image = new DataAwsSsmParameter(stack, 'system', { name: system }).insecureValue

  const redis = addRedis(stack, inputs, image)
  const group = addWorkers(stack, inputs, image, redis)
  const output: ClusterOutput = {
    cluster: inputs.cluster,
    redisUrl: `redis://${redis.privateIp}:6379`,
    redisPasswordSecret: inputs.base.redisPasswordSecret,
    workers: [{ name: 'workers', place: group.name, hosts: group.desiredCapacity }],
  }
  new TerraformOutput(stack, 'cluster', { value: output })
  return stack
}
