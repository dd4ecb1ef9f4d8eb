import { describe, expect, test } from '@jest/globals'
import { kubernetesObjects, type KubernetesObject } from '../kubernetes-objects.ts'
import { exampleInput } from '../testing/example-input.ts'
import { fieldAt } from '../testing/field-at.ts'
import { podsOf } from '../testing/policy-problems.ts'

// What no schema and no rule about pods says: who reaches what, and how things come and go.

const input = exampleInput()
const objects = Object.values(kubernetesObjects(input)).flat()
const find = (kind: string, name = 'bullpen-serving'): KubernetesObject =>
  objects.find((object) => object.kind === kind && object.metadata.name === name)!

describe('the network', () => {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy')
  const rulesOf = (policy: KubernetesObject, way: 'ingress' | 'egress') =>
    (fieldAt(policy, `spec.${way}`) ?? []) as readonly Record<'from' | 'to', readonly object[] | undefined>[]

  test('opens a way to or from somebody named only, and every policy speaks of both ways', () => {
    for (const policy of policies) {
      expect(fieldAt(policy, 'spec.policyTypes')).toEqual(['Ingress', 'Egress'])
      for (const { from } of rulesOf(policy, 'ingress')) expect(from?.length).toBeGreaterThan(0)
      for (const { to } of rulesOf(policy, 'egress')) expect(to?.length).toBeGreaterThan(0)
      for (const way of ['ingress', 'egress'] as const) {
        for (const peer of rulesOf(policy, way).flatMap(({ from, to }) => from ?? to ?? [])) {
          for (const selector of Object.values(peer) as Record<string, object>[]) {
            expect(Object.keys(selector['matchLabels'] ?? selector).length).toBeGreaterThan(0)
          }
        }
      }
    }
  })

  test('leads to the database at its addresses, and to nobody who is not asked', () => {
    const toDatabase = (name: string) => rulesOf(find('NetworkPolicy', name), 'egress')[1]?.to
    const addresses = input.database.cidrs.map((cidr) => ({ ipBlock: { cidr } }))
    expect([toDatabase('bullpen-serving'), toDatabase('bullpen-weekly')]).toEqual([addresses, addresses])
    expect(rulesOf(find('NetworkPolicy', 'bullpen-weekly'), 'ingress')).toEqual([])
  })

  test('reaches the service from inside, and from outside by TLS under its own name', () => {
    expect(fieldAt(find('Service'), 'spec.type')).toBe('ClusterIP')
    const host = fieldAt(find('Ingress'), 'spec.rules.0.host')
    expect(fieldAt(find('Ingress'), 'spec.tls')).toEqual([{ hosts: [host], secretName: input.ingress.tlsSecret }])
  })
})

test('the namespace refuses, reports and warns of pods that are not restricted', () => {
  const [namespace] = objects.filter(({ kind }) => kind === 'Namespace')
  for (const mode of ['enforce', 'audit', 'warn']) {
    expect(namespace?.metadata.labels?.[`pod-security.kubernetes.io/${mode}`]).toBe('restricted')
  }
})

describe('pods of the service', () => {
  test('are spread over zones and over hosts', () => {
    const constraints = fieldAt(find('Deployment'), 'spec.template.spec.topologySpreadConstraints') as readonly object[]
    const keys = constraints.map((constraint) => fieldAt(constraint, 'topologyKey'))
    expect(keys).toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname'])
  })

  test('go one at a time, whether nodes are drained or a version is rolled out, and then after their successor', () => {
    expect(fieldAt(find('PodDisruptionBudget'), 'spec')).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    })
    expect(fieldAt(find('Deployment'), 'spec.strategy')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    })
    expect(fieldAt(find('Deployment'), 'spec.minReadySeconds')).toBeGreaterThan(0)
  })
})

test('a weekly run never overlaps the one before, always ends, and keeps its signing key to itself', () => {
  const weekly = find('CronJob', 'bullpen-weekly')
  expect(fieldAt(weekly, 'spec.concurrencyPolicy')).toBe('Forbid')
  expect(fieldAt(weekly, 'spec.jobTemplate.spec.activeDeadlineSeconds')).toBe(input.weekly.hours * 3600)
  const [first] = podsOf(objects).get('CronJob/bullpen-weekly')!.spec.initContainers!
  expect(fieldAt(first, 'command.2')).toMatch(/^fs\.writeFileSync\(.*, \{ mode: 0o600 \}\)$/)
})
