import type { Chart } from 'cdk8s'
import {
  IntOrString,
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
} from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { labelsOf, names, selectorOf, servingPort } from './names.ts'

/** The cloud's metadata service hands out credentials of the node: no pod has any business there. */
const everywhereButMetadata: NetworkPolicyPeer = { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }

/** Nothing may connect to or from the namespace, but what is needed. Probes of the kubelet are always let in. */
export function addNetworkPolicies(chart: Chart, input: DeploymentInput): void {
  new KubeNetworkPolicy(chart, 'deny-all', {
    metadata: { name: 'bullpen-deny-all' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  })
  new KubeNetworkPolicy(chart, 'allow-serving', {
    metadata: { name: names.serving, labels: labelsOf('serving') },
    spec: {
      podSelector: { matchLabels: selectorOf('serving') },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [input.ingress.controllerNamespace, input.monitoring.namespace].map(fromNamespace),
      egress: egressToStores(input),
    },
  })
  new KubeNetworkPolicy(chart, 'allow-weekly', {
    metadata: { name: names.weekly, labels: labelsOf('weekly') },
    spec: {
      podSelector: { matchLabels: selectorOf('weekly') },
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        ...egressToStores(input),
        ...(input.weekly.redisSecret === null ? [] : [{ to: addresses(input), ports: [tcp(6379)] }]),
      ],
    },
  })
}

function egressToStores(input: DeploymentInput): NetworkPolicyEgressRule[] {
  const { endpoint } = input.objects
  const objectsPort = endpoint === null ? 443 : portOf(endpoint)
  return [
    {
      to: [{ ...namespaced('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
      ports: [tcp(53), { ...tcp(53), protocol: 'UDP' }],
    },
    { to: addresses(input), ports: [tcp(input.database.port)] },
    // Objects, exchanges and webhooks.
    { to: [everywhereButMetadata], ports: [...new Set([443, objectsPort])].map(tcp) },
  ]
}

function fromNamespace(namespace: string): NetworkPolicyIngressRule {
  return { from: [namespaced(namespace)], ports: [tcp(servingPort)] }
}

function namespaced(namespace: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }
}

function addresses({ database }: DeploymentInput): NetworkPolicyPeer[] {
  return database.cidrs.map((cidr) => ({ ipBlock: { cidr } }))
}

function tcp(port: number): NetworkPolicyPort {
  return { protocol: 'TCP', port: IntOrString.fromNumber(port) }
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address)
  return port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)
}
