import { TerraformOutput, TerraformStack, Token } from 'cdktn'
import type { Construct } from 'constructs'
import { redisHost } from '../cloud-init/redis-host.ts'
import { textOf } from '../cloud-init/user-data.ts'
import { workerCommand } from '../cloud-init/worker-command.ts'
import { workerHost } from '../cloud-init/worker-host.ts'
import { keepState } from '../inputs/state.ts'
import { yandexClusterInputs, type YandexClusterInputs } from '../inputs/yandex-cluster-inputs.ts'
import type { ClusterOutput } from '../outputs.ts'
import { leaveScript, prepareScript, redisPassword } from './host-scripts.ts'
import { labelsOf } from './labels.ts'
import { YandexProvider, YandexResource } from './resource.ts'

/** A preempted host is taken down about 30 s after it is told. */
const noticeSeconds = 20

/** Stands for the address of Redis, which is known only when it has been made. */
const redisMark = '@redis@'

/** Metadata is answered in the way of GCE only, which wants a header; the way of AWS wants none. */
const metadataOptions = [{ gce_http_endpoint: 1, aws_v1_http_endpoint: 2 }] as const

/**
 * What is rented for a run on Yandex Cloud: a Redis host and a group of workers. The reaper of the base ends both when
 * their label says that the term is over; each host ends itself as on AWS. Throws InputsInvalid.
 */
export function yandexCluster(app: Construct, raw: unknown): TerraformStack {
  const inputs = yandexClusterInputs(raw)
  const { base, cluster } = inputs
  const stack = new TerraformStack(app, 'yandex-cluster')
  keepState(stack, inputs.state, cluster)
  new YandexProvider(stack, { folder_id: base.folder, zone: base.zone })
  addRedis(stack, inputs)
  const { onDemandWorkers, workers } = inputs
  const sized = [
    { id: 'workers', size: workers - onDemandWorkers, preemptible: inputs.preemptible },
    { id: 'on-demand', size: onDemandWorkers, preemptible: false },
  ] as const
  const groups = sized.filter(({ size }) => size > 0).map((group) => addWorkers(stack, inputs, group))
  const sizes = groups.map(({ friendlyUniqueId: id }) => {
    return `yandex_compute_instance_group.${id}.scale_policy[0].fixed_scale[0].size`
  })
  const output: ClusterOutput = {
    cluster,
    redisUrl: 'redis://${yandex_compute_instance.redis.network_interface[0].ip_address}:6379',
    redisPasswordSecret: base.redisPasswordSecret,
    workers: [{ name: 'workers', place: groups[0]!.id, hosts: Token.asNumber(`\${${sizes.join(' + ')}}`) }],
  }
  new TerraformOutput(stack, 'cluster', { value: output })
  return stack
}

function addRedis(stack: TerraformStack, inputs: YandexClusterInputs): void {
  const { base, cluster, maxLifetimeSeconds } = inputs
  const userData = redisHost({
    maxLifetimeSeconds,
    install:
      'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q redis-server && systemctl disable --now redis-server',
    server: '/usr/bin/redis-server',
    password: redisPassword(base.redisPasswordSecret),
    leave: 'systemctl poweroff\n',
  })
  new YandexResource(
    stack,
    'redis',
    'yandex_compute_instance',
    {
      name: `${base.name}-${cluster}-redis`,
      folder_id: base.folder,
      labels: labelsOf(inputs, 'redis'),
      zone: base.zone,
      platform_id: 'standard-v3',
      service_account_id: base.hostAccount,
      allow_stopping_for_update: false,
      resources: [{ cores: 2, memory: 2 }],
      boot_disk: [diskOf(inputs)],
      network_interface: [{ subnet_id: base.subnet, nat: false, security_group_ids: [base.redisSecurityGroup] }],
      metadata: { 'user-data': textOf(userData), 'serial-port-enable': '0' },
      metadata_options: metadataOptions,
    },
    { ignoreChanges: ['metadata', 'boot_disk'] },
  )
}

/** A group of hosts of one price. */
interface Group {
  readonly id: 'workers' | 'on-demand'
  readonly size: number
  readonly preemptible: boolean
}

function addWorkers(stack: TerraformStack, inputs: YandexClusterInputs, { id, size, preemptible }: Group) {
  const { base, cluster, currency, machine, maxLifetimeSeconds, onDemandWorkers } = inputs
  const perHour = id === 'on-demand' ? machine.onDemandPerHour : machine.perHour
  const userData = workerHost({
    image: inputs.image,
    command: workerCommand(inputs, {
      price: perHour === null ? null : { perHour, currency },
      notice: null,
      noticeSeconds,
    }),
    maxLifetimeSeconds,
    noticeSeconds,
    install:
      'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q docker.io && systemctl start docker',
    prepare: prepareScript(inputs, redisMark),
    leave: leaveScript(inputs),
  })
  const address = 'yandex_compute_instance.redis.network_interface[0].ip_address'
  const labels = labelsOf(inputs, 'workers')
  const name = `${base.name}-${cluster}-${id}`
  return new YandexResource(
    stack,
    id,
    'yandex_compute_instance_group',
    {
      name,
      folder_id: base.folder,
      labels,
      service_account_id: base.groupAccount,
      deletion_protection: false,
      instance_template: [
        {
          name: `${name}-{instance.index}`,
          platform_id: machine.platform,
          service_account_id: base.hostAccount,
          labels,
          resources: [{ cores: machine.cores, memory: machine.memoryGb }],
          scheduling_policy: [{ preemptible }],
          boot_disk: [diskOf(inputs)],
          network_interface: [
            {
              network_id: base.network,
              subnet_ids: [base.subnet],
              nat: false,
              security_group_ids: [base.workerSecurityGroup],
            },
          ],
          metadata: { 'user-data': textOf(userData, { [redisMark]: address }), 'serial-port-enable': '0' },
          metadata_options: metadataOptions,
        },
      ],
      scale_policy: [{ fixed_scale: [{ size }] }],
      allocation_policy: [{ zones: [base.zone] }],
      deploy_policy: [{ max_unavailable: Math.max(1, size), max_expansion: 0 }],
    },
    // A longer term is no reason to make hosts anew. Agents that leave shrink a group, and another apply must not fill it
    // again; with some on demand it must, for what those take over the other group may no longer take.
    { ignoreChanges: onDemandWorkers === 0 ? ['scale_policy', 'instance_template'] : ['instance_template'] },
  )
}

function diskOf({ base, system, diskGb }: YandexClusterInputs) {
  return {
    initialize_params: [{ image_id: system, size: diskGb, type: 'network-ssd', kms_key_id: base.diskKey }] as const,
  } as const
}
