import type { TerraformStack } from 'cdktn'
import type { YandexBaseInputs } from '../inputs/yandex-base-inputs.ts'
import { YandexResource } from './resource.ts'

const members = ['worker', 'redis', 'coordinator', 'database'] as const
type Member = (typeof members)[number]

/** Who may open a connection to whom. 6432 is the port of managed PostgreSQL. */
const paths: readonly (readonly [from: Member, to: Member, port: number])[] = [
  ['worker', 'redis', 6379],
  ['coordinator', 'redis', 6379],
  ['worker', 'database', 6432],
  ['coordinator', 'database', 6432],
]

/** Every part of the base has such a name. */
export type Named = (suffix: string) => {
  readonly name: string
  readonly folder_id: string
  readonly labels: Readonly<Record<string, string>>
}

/**
 * A network without public addresses. Its hosts reach the services of the cloud, which have public addresses there, and
 * the packages of Ubuntu through a gateway; nothing reaches them.
 */
export function addNetwork(stack: TerraformStack, inputs: YandexBaseInputs, named: Named) {
  const network = new YandexResource(stack, 'network', 'yandex_vpc_network', named('network'))
  const gateway = new YandexResource(stack, 'gateway', 'yandex_vpc_gateway', {
    ...named('gateway'),
    shared_egress_gateway: [{}],
  })
  const routes = new YandexResource(stack, 'routes', 'yandex_vpc_route_table', {
    ...named('routes'),
    network_id: network.id,
    static_route: [{ destination_prefix: '0.0.0.0/0', gateway_id: gateway.id }],
  })
  const subnet = new YandexResource(stack, 'subnet', 'yandex_vpc_subnet', {
    ...named('subnet'),
    network_id: network.id,
    zone: inputs.zone,
    v4_cidr_blocks: [inputs.network],
    route_table_id: routes.id,
  })
  const groups = Object.fromEntries(
    members.map((member) => [
      member,
      new YandexResource(stack, `${member}-group`, 'yandex_vpc_security_group', {
        ...named(member),
        network_id: network.id,
        description: `bullpen ${inputs.name}: ${member}`,
      }),
    ]),
  ) as Record<Member, YandexResource<'yandex_vpc_security_group'>>
  for (const [from, to, port] of paths) {
    addRule(stack, `${from}-to-${to}`, groups[from], 'egress', port, { security_group_id: groups[to].id })
    addRule(stack, `${to}-from-${from}`, groups[to], 'ingress', port, { security_group_id: groups[from].id })
  }
  for (const from of ['worker', 'redis', 'coordinator'] as const) {
    addRule(stack, `${from}-to-services`, groups[from], 'egress', 443, { v4_cidr_blocks: ['0.0.0.0/0'] })
    addRule(stack, `${from}-to-packages`, groups[from], 'egress', 80, { v4_cidr_blocks: ['0.0.0.0/0'] })
    addRule(stack, `${from}-to-names`, groups[from], 'egress', 53, { v4_cidr_blocks: [inputs.network] }, 'UDP')
  }
  return { network, subnet, groups }
}

function addRule(
  stack: TerraformStack,
  id: string,
  group: YandexResource<'yandex_vpc_security_group'>,
  direction: 'ingress' | 'egress',
  port: number,
  other: { readonly security_group_id: string } | { readonly v4_cidr_blocks: readonly string[] },
  protocol: 'TCP' | 'UDP' = 'TCP',
): void {
  new YandexResource(stack, id, 'yandex_vpc_security_group_rule', {
    security_group_binding: group.id,
    direction,
    protocol,
    port,
    ...other,
  })
}
