import type { TerraformStack } from 'cdktn'
import { AutoscalingGroup } from '@cdktn/provider-aws/lib/autoscaling-group/index.js'
import { AutoscalingSchedule } from '@cdktn/provider-aws/lib/autoscaling-schedule/index.js'
import type { Instance } from '@cdktn/provider-aws/lib/instance/index.js'
import { LaunchTemplate } from '@cdktn/provider-aws/lib/launch-template/index.js'
import { base64Of } from '../cloud-init/user-data.ts'
import { workerCommand } from '../cloud-init/worker-command.ts'
import { workerHost } from '../cloud-init/worker-host.ts'
import { mostPerHour, type AwsClusterInputs } from '../inputs/aws-cluster-inputs.ts'
import { leaveScript, prepareScript } from './host-scripts.ts'
import { tagsOf } from './tags.ts'

/** Spot takes a host back two minutes after its notice; 25 s of them remain for the host to go. */
const noticeSeconds = 95

/** Stands for the address of Redis, which is known only when it has been made. */
const redisMark = '@redis@'

/**
 * The workers: spot hosts of several types, taken from the deepest pools first, below the price cap, and
 * `onDemandWorkers` on demand. A scheduled action empties the group at the end of the term.
 */
export function addWorkers(
  stack: TerraformStack,
  inputs: AwsClusterInputs,
  image: string,
  redis: Instance,
): AutoscalingGroup {
  const { base, workers, onDemandWorkers, maxPricePerHour } = inputs
  const name = `${base.name}-${inputs.cluster}-workers`
  const template = addTemplate(stack, inputs, { name, image, redis })
  const group = new AutoscalingGroup(stack, 'workers', {
    name,
    minSize: 0,
    maxSize: workers,
    desiredCapacity: workers,
    vpcZoneIdentifier: [...base.subnets],
    capacityRebalance: false, // agents leave by themselves on that recommendation, when their tasks are done
    healthCheckType: 'EC2',
    waitForCapacityTimeout: '0', // agents that join the fleet are the proof, not machines that run
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandBaseCapacity: onDemandWorkers,
        onDemandPercentageAboveBaseCapacity: 0,
        onDemandAllocationStrategy: 'prioritized',
        spotAllocationStrategy: 'capacity-optimized',
        ...(maxPricePerHour === null ? {} : { spotMaxPrice: String(maxPricePerHour) }),
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.id, version: `${template.latestVersion}` },
        override: inputs.machines.map(({ type }) => ({ instanceType: type })),
      },
    },
    tag: Object.entries(tagsOf(inputs, 'workers')).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    // Agents that leave shrink the group: another apply must not fill it again.
    lifecycle: { ignoreChanges: ['desired_capacity'] },
  })
  new AutoscalingSchedule(stack, 'workers-term', {
    scheduledActionName: 'term',
    autoscalingGroupName: group.name,
    startTime: inputs.endsAt,
    minSize: 0,
    maxSize: 0,
    desiredCapacity: 0,
  })
  return group
}

function addTemplate(
  stack: TerraformStack,
  inputs: AwsClusterInputs,
  { name, image, redis }: { readonly name: string; readonly image: string; readonly redis: Instance },
): LaunchTemplate {
  const { base, maxLifetimeSeconds, diskGb } = inputs
  const tags = tagsOf(inputs, 'workers')
  const userData = workerHost({
    image: inputs.image,
    command: workerCommand(inputs, {
      price: { perHour: mostPerHour(inputs), currency: 'USD' },
      notice: 'aws',
      noticeSeconds,
    }),
    maxLifetimeSeconds,
    noticeSeconds,
    install: 'dnf install -y -q docker && systemctl start docker',
    prepare: prepareScript(inputs, redisMark),
    leave: leaveScript(base.region),
  })
  return new LaunchTemplate(stack, 'worker', {
    name,
    imageId: image,
    instanceInitiatedShutdownBehavior: 'terminate',
    iamInstanceProfile: { name: base.workerProfile },
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    // The key of AWS for disks: with one of ours, spot and groups would need a grant on it.
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { encrypted: 'true', volumeType: 'gp3', volumeSize: diskGb, deleteOnTermination: 'true' },
      },
    ],
    networkInterfaces: [
      { deviceIndex: 0, associatePublicIpAddress: 'false', securityGroups: [base.workerSecurityGroup] },
    ],
    userData: base64Of(userData, { [redisMark]: `aws_instance.${redis.friendlyUniqueId}.private_ip` }),
    tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags })),
    tags,
  })
}
