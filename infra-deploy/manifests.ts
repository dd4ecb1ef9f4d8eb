import { Yaml } from 'cdk8s'
import { kubernetesObjects } from './kubernetes-objects.ts'

const head = '# Written by `npm run manifests`: change infra-deploy/objects or your input instead.\n'

/**
 * The files of `kubectl apply -k`, by path below the folder they are written into: `base`, which every cluster takes, and
 * `components/monitoring`, which needs the Prometheus operator. Throws DeploymentInputInvalid.
 */
export function manifests(input: unknown): ReadonlyMap<string, string> {
  const { monitoring = [], ...base } = kubernetesObjects(input)
  const resources = Object.keys(base).map((name) => `${name}.yaml`)
  return new Map([
    ...Object.entries(base).map(([name, objects]) => [`base/${name}.yaml`, yamlOf(objects)] as const),
    ['base/kustomization.yaml', yamlOf([kustomization('Kustomization', 'v1beta1', resources)])],
    ['components/monitoring/monitoring.yaml', yamlOf(monitoring)],
    ['components/monitoring/kustomization.yaml', yamlOf([kustomization('Component', 'v1alpha1', ['monitoring.yaml'])])],
  ])
}

function kustomization(kind: string, version: string, resources: readonly string[]): object {
  return { apiVersion: `kustomize.config.k8s.io/${version}`, kind, resources }
}

function yamlOf(documents: readonly object[]): string {
  return head + Yaml.stringify(...documents)
}
