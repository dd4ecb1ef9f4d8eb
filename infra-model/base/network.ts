import type { TerraformStack } from 'cdktn'
import { DefaultSecurityGroup } from '@cdktn/provider-aws/lib/default-security-group/index.js'
import { RouteTable } from '@cdktn/provider-aws/lib/route-table/index.js'
import { RouteTableAssociation } from '@cdktn/provider-aws/lib/route-table-association/index.js'
import { Subnet } from '@cdktn/provider-aws/lib/subnet/index.js'
import { Vpc } from '@cdktn/provider-aws/lib/vpc/index.js'
import { VpcEndpoint } from '@cdktn/provider-aws/lib/vpc-endpoint/index.js'
import type { AwsBaseInputs } from '../inputs/aws-base-inputs.ts'

/** The network and what its other parts need of it. */
export interface Network {
  readonly vpc: Vpc
  readonly subnets: readonly Subnet[]
  /** The way to S3 and to the packages of Amazon Linux, which lie there. */
  readonly s3: VpcEndpoint
}

/**
 * A network without a way to or from the internet: no gateway, no public address. S3 is reached through a gateway
 * endpoint, other services through interface endpoints (security-groups.ts).
 */
export function addNetwork(stack: TerraformStack, { name, region, zones, network }: AwsBaseInputs): Network {
  const vpc = new Vpc(stack, 'network', {
    cidrBlock: network,
    enableDnsSupport: true,
    enableDnsHostnames: true,
    tags: { Name: name },
  })
  new DefaultSecurityGroup(stack, 'default-group', { vpcId: vpc.id }) // without rules: what is in no group hears nobody
  const routes = new RouteTable(stack, 'routes', { vpcId: vpc.id, tags: { Name: name } })
  const subnets = zones.map((zone, i) => {
    const subnet = new Subnet(stack, `subnet-${zone}`, {
      vpcId: vpc.id,
      availabilityZone: zone,
      cidrBlock: network.replace('.0.0/16', `.${i * 16}.0/20`), // 4,091 hosts each
      mapPublicIpOnLaunch: false,
      tags: { Name: `${name}-${zone}` },
    })
    new RouteTableAssociation(stack, `routes-${zone}`, { subnetId: subnet.id, routeTableId: routes.id })
    return subnet
  })
  const s3 = new VpcEndpoint(stack, 'to-s3', {
    vpcId: vpc.id,
    serviceName: `com.amazonaws.${region}.s3`,
    vpcEndpointType: 'Gateway',
    routeTableIds: [routes.id],
    tags: { Name: `${name}-s3` },
  })
  return { vpc, subnets, s3 }
}
