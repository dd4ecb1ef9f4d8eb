import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Yaml } from 'cdk8s'
import { kubernetesObjects, neededSecrets, type KubernetesObject } from '../kubernetes-objects.ts'
import { manifests } from '../manifests.ts'
import { KubernetesSchema } from '../schema/kubernetes-schema.ts'
import { exampleInput } from '../testing/example-input.ts'
import { fieldAt, putAt } from '../testing/field-at.ts'
import { podsOf, policyProblems, visit } from '../testing/policy-problems.ts'

const folder = 'infra-deploy/k8s'
const schema = new KubernetesSchema()
const input = exampleInput()
const objects = objectsOf(input)
const secrets = new Set(neededSecrets(input).map(({ name, key }) => `${name}/${key}`))
const find = (kind: string, name = 'bullpen-serving'): KubernetesObject =>
  objects.find((object) => object.kind === kind && object.metadata.name === name)!
const problemsIn = (all: readonly KubernetesObject[]): string[] =>
  all.flatMap((object) =>
    schema.problemsOf(object).map((problem) => `${object.kind}/${object.metadata.name} ${problem}`),
  )

test('the committed manifests are those that npm run manifests writes', () => {
  for (const [path, text] of manifests(input))
    expect([path, readFileSync(join(folder, path), 'utf8')]).toEqual([path, text])
})

describe('the schema of Kubernetes', () => {
  test('finds nothing wrong with the objects', () => {
    expect(problemsIn(objects)).toEqual([])
  })

  test.each([
    [
      'a wrong type',
      'spec.template.spec.containers.0.ports.0.containerPort',
      'eighty',
      /containerPort: is "eighty", not a whole number/,
    ],
    ['an unknown field', 'spec.template.spec.containers.0.readynessProbe', {}, /readynessProbe: is no such field/],
    ['a missing field', 'spec.selector', undefined, /spec.selector: is missing/],
    ['an object where a list belongs', 'spec.template.spec.containers', {}, /containers: is \{\}, not a list/],
    ['a number where a label belongs', 'spec.template.metadata.labels.version', 3, /labels.version: is 3, not text/],
  ])('finds %s', (_, path, field, problem) => {
    const broken = structuredClone(find('Deployment'))
    putAt(broken, path, field)
    expect(problemsIn([broken])).toEqual([expect.stringMatching(problem)])
  })

  test('knows what is used of the Prometheus operator, and no more', () => {
    const broken = structuredClone(find('ServiceMonitor'))
    putAt(broken, 'spec.endpoints.0.intervall', '30s')
    expect(problemsIn([broken])).toEqual([expect.stringContaining('spec.endpoints.0.intervall')])
  })

  test('refuses kinds that there are not', () => {
    expect(schema.problemsOf({ apiVersion: 'extensions/v1beta1', kind: 'Ingress' })).toEqual([
      'there is no Ingress in extensions/v1beta1',
    ])
  })
})

describe('policy', () => {
  test('every pod is limited, restricted and pinned, and refers only to what exists', () => {
    expect([...podsOf(objects).keys()]).toEqual(['Deployment/bullpen-serving', 'CronJob/bullpen-weekly'])
    expect(policyProblems(objects, secrets)).toEqual([])
  })

  test.each([
    ['limits', 'containers.0.resources.limits.memory', undefined, 'has no limit of memory'],
    ['root', 'securityContext.runAsUser', 0, 'may run as root'],
    ['latest', 'containers.0.image', 'bullpen:latest', 'which may change'],
    ['a secret value', 'containers.0.env.0', { name: 'DATABASE_URL', value: 'x' }, 'written out'],
    ['a secret that is not there', 'containers.0.env.0.valueFrom.secretKeyRef.key', 'uri', 'has no uri'],
    ['a config that is not there', 'containers.0.envFrom.0.configMapRef.name', 'x', 'no ConfigMap x'],
    ['a root file system to write to', 'containers.0.securityContext.readOnlyRootFilesystem', false, 'may write'],
    ['a token', 'automountServiceAccountToken', undefined, 'mounts a token'],
    ['root in one container', 'containers.0.securityContext.runAsNonRoot', false, 'may run as root'],
    ['any call of the kernel', 'containers.0.securityContext.seccompProfile.type', 'Unconfined', 'no seccomp profile'],
    ['all privileges', 'containers.0.securityContext.privileged', true, 'is privileged'],
    ['a password anywhere', 'containers.0.env.0', { name: 'DB', value: 'postgres://u:p@h/d' }, 'has a password'],
    ['scratch without bound', 'volumes.0.emptyDir', {}, 'may fill the disk'],
  ])('notices %s', (_, path, field, problem) => {
    const changed = structuredClone(objects)
    putAt(podsOf(changed).get('Deployment/bullpen-serving')!.spec, path, field)
    expect(policyProblems(changed, secrets)).toEqual([expect.stringContaining(problem)])
  })

  test('selectors match the labels of the pods they are meant for, and of no others', () => {
    const selectedBy = (kind: string, path: string, name?: string): string[] => {
      const labels = Object.entries(fieldAt(find(kind, name), path) as Record<string, string>)
      const matching = [...podsOf(objects)].filter(([, { metadata }]) =>
        labels.every(([key, value]) => metadata.labels[key] === value),
      )
      return matching.map(([owner]) => owner)
    }
    const serving = ['Deployment/bullpen-serving']
    expect(selectedBy('Service', 'spec.selector')).toEqual(serving)
    expect(selectedBy('PodDisruptionBudget', 'spec.selector.matchLabels')).toEqual(serving)
    expect(selectedBy('Deployment', 'spec.selector.matchLabels')).toEqual(serving)
    for (const i of [0, 1]) {
      const path = `spec.template.spec.topologySpreadConstraints.${String(i)}.labelSelector.matchLabels`
      expect(selectedBy('Deployment', path)).toEqual(serving)
    }
    const policyPods = 'spec.podSelector.matchLabels'
    expect(selectedBy('NetworkPolicy', policyPods)).toEqual(serving)
    expect(selectedBy('NetworkPolicy', policyPods, 'bullpen-weekly')).toEqual(['CronJob/bullpen-weekly'])
    expect(find('NetworkPolicy', 'bullpen-deny-all')['spec']).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    })
  })

  test('ports are known by one name from the container to Prometheus', () => {
    const port = fieldAt(find('Deployment'), 'spec.template.spec.containers.0.ports.0.name')
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      expect(fieldAt(find('Deployment'), `spec.template.spec.containers.0.${probe}.httpGet.port`)).toBe(port)
    }
    expect(fieldAt(find('Service'), 'spec.ports.0.targetPort')).toBe(port)
    const name = fieldAt(find('Service'), 'spec.ports.0.name')
    expect(fieldAt(find('ServiceMonitor'), 'spec.endpoints.0.port')).toBe(name)
    expect(find('Service').metadata.labels).toMatchObject(
      fieldAt(find('ServiceMonitor'), 'spec.selector.matchLabels') as object,
    )
    expect(fieldAt(find('Ingress'), 'spec.rules.0.http.paths.0.backend.service')).toEqual({
      name: find('Service').metadata.name,
      port: { name },
    })
  })

  test('the autoscaler keeps at least three replicas, and nothing else says how many', () => {
    const autoscaler = find('HorizontalPodAutoscaler')
    expect(fieldAt(autoscaler, 'spec.scaleTargetRef.name')).toBe(find('Deployment').metadata.name)
    expect(fieldAt(autoscaler, 'spec.minReplicas')).toBe(3)
    expect(fieldAt(find('Deployment'), 'spec.replicas')).toBeUndefined()
    const fixed = objectsOf({ ...input, replicas: { ...input.replicas, most: 3 } })
    expect(fixed.some(({ kind }) => kind === 'HorizontalPodAutoscaler')).toBe(false)
    expect(
      fieldAt(
        fixed.find(({ kind }) => kind === 'Deployment'),
        'spec.replicas',
      ),
    ).toBe(3)
  })

  test('the network lets in the ingress controller and Prometheus, and out to names, database and objects', () => {
    const policy = find('NetworkPolicy')
    const port = fieldAt(find('Deployment'), 'spec.template.spec.containers.0.ports.0.containerPort')
    const from = (fieldAt(policy, 'spec.ingress') as readonly object[]).map((rule) => [
      Object.values(fieldAt(rule, 'from.0.namespaceSelector.matchLabels') as object),
      fieldAt(rule, 'ports.0.port'),
    ])
    expect(from).toEqual([
      [['ingress-nginx'], port],
      [['monitoring'], port],
    ])
    expect(egressPorts(policy)).toEqual([53, 53, 5432, 443])
    expect(fieldAt(policy, 'spec.egress.2.to.0.ipBlock.except')).toEqual(['169.254.169.254/32'])
  })

  test('with a queue and objects of its own, weekly runs may reach them', () => {
    const wider = {
      ...input,
      objects: { ...input.objects, endpoint: 'http://minio.example.com:9000' },
      weekly: { ...input.weekly, redisSecret: { name: 'bullpen-queue', key: 'url' } },
    }
    const policy = objectsOf(wider).find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'bullpen-weekly',
    )!
    expect(egressPorts(policy)).toEqual([53, 53, 5432, 443, 9000, 6379])
    expect(neededSecrets(wider)).toContainEqual({ name: 'bullpen-queue', key: 'url' })
  })
})

function objectsOf(raw: unknown): readonly KubernetesObject[] {
  return Object.values(kubernetesObjects(raw)).flat()
}

function egressPorts(policy: KubernetesObject): unknown[] {
  const rules = fieldAt(policy, 'spec.egress') as readonly { readonly ports: readonly { readonly port: number }[] }[]
  return rules.flatMap(({ ports }) => ports.map(({ port }) => port))
}

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0
if (!hasKubectl) console.warn('SKIPPED, NOT TESTED: kubectl kustomize of infra-deploy/k8s: there is no kubectl')
const describeKustomize = hasKubectl ? describe : describe.skip

describeKustomize('kubectl kustomize', () => {
  const built = new Map<string, readonly KubernetesObject[]>()
  let scratch: string

  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'bullpen-kustomize-'))
    for (const name of ['base', 'overlays/production', 'overlays/kind']) {
      const file = join(scratch, `${built.size}.yaml`)
      execFileSync('kubectl', ['kustomize', join(folder, name), '--output', file])
      built.set(name, Yaml.load(file) as KubernetesObject[])
    }
  }, 120_000)
  afterAll(() => {
    rmSync(scratch, { recursive: true })
  })

  test('gives of base and production the very objects that Terraform gets', () => {
    const sorted = (all: readonly KubernetesObject[]) =>
      [...all].sort((a, b) => (`${a.kind}/${a.metadata.name}` < `${b.kind}/${b.metadata.name}` ? -1 : 1))
    expect(sorted(built.get('overlays/production')!)).toEqual(sorted(objects))
    const base = Object.entries(kubernetesObjects(input)).flatMap(([file, all]) => (file === 'monitoring' ? [] : all))
    expect(sorted(built.get('base')!)).toEqual(sorted(base))
  })

  test('gives of kind what obeys schema and policy, needs no cloud and no registry of ours', () => {
    const all = built.get('overlays/kind')!
    expect(problemsIn(all)).toEqual([])
    expect(policyProblems(all, new Set([...secrets, 'bullpen-database/password']))).toEqual([])
    expect(all.map(({ kind }) => kind)).not.toEqual(expect.arrayContaining(['Ingress']))
    visit(all, (key, value) => {
      if (key === 'image') expect(value).not.toContain('registry.example.com')
      expect(key).not.toBe('AWS_ACCESS_KEY_ID')
    })
  })
})
