import type { TerraformStack } from 'cdktn'
import { SecurityGroup } from '@cdktn/provider-aws/lib/security-group/index.js'
import { VpcEndpoint } from '@cdktn/provider-aws/lib/vpc-endpoint/index.js'
import { VpcSecurityGroupEgressRule } from '@cdktn/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktn/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import type { Network } from './network.ts'

const members = ['worker', 'redis', 'coordinator', 'database', 'services'] as const
type Member = (typeof members)[number]

/** Who may open a connection to whom, on which port. There is no other way, and none by address. */
const paths: readonly (readonly [from: Member, to: Member, port: number])[] = [
  ['worker', 'redis', 6379],
  ['coordinator', 'redis', 6379],
  ['worker', 'database', 5432],
  ['coordinator', 'database', 5432],
  ['worker', 'services', 443],
  ['redis', 'services', 443],
  ['coordinator', 'services', 443],
]

/** Services that hosts ask: secrets, images, and the group they leave. Each costs about a cent an hour and zone. */
const services = ['secretsmanager', 'ecr.api', 'ecr.dkr', 'autoscaling']

/** A group for each kind of member, the rules of `paths`, and the endpoints of `services` in the first zone. */
export function addSecurityGroups(
  stack: TerraformStack,
  name: string,
  { vpc, subnets, s3 }: Network,
  region: string,
): Readonly<Record<Member, SecurityGroup>> {
  const groups = Object.fromEntries(
    members.map((member) => [
      member,
      new SecurityGroup(stack, `${member}-group`, {
        name: `${name}-${member}`,
        description: `bullpen ${name}: ${member}`,
        vpcId: vpc.id,
        tags: { Name: `${name}-${member}` },
      }),
    ]),
  ) as Record<Member, SecurityGroup>
  for (const [from, to, port] of paths) {
    const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port }
    new VpcSecurityGroupEgressRule(stack, `${from}-to-${to}`, {
      securityGroupId: groups[from].id,
      referencedSecurityGroupId: groups[to].id,
      ...rule,
    })
    new VpcSecurityGroupIngressRule(stack, `${to}-from-${from}`, {
      securityGroupId: groups[to].id,
      referencedSecurityGroupId: groups[from].id,
      ...rule,
    })
  }
  for (const from of ['worker', 'redis', 'coordinator'] as const) {
    new VpcSecurityGroupEgressRule(stack, `${from}-to-s3`, {
      securityGroupId: groups[from].id,
      prefixListId: s3.prefixListId,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
    })
  }
  for (const service of services) {
    new VpcEndpoint(stack, `to-${service.replace('.', '-')}`, {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: subnets.slice(0, 1).map((subnet) => subnet.id),
      securityGroupIds: [groups.services.id],
      tags: { Name: `${name}-${service}` },
    })
  }
  return groups
}
