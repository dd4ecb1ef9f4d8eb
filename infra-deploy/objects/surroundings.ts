import type { Chart } from 'cdk8s'
import { KubeConfigMap, KubeNamespace, KubeServiceAccount } from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { names } from './names.ts'

/** The namespace, which refuses pods that are not `restricted`. */
export function addNamespace(chart: Chart, { namespace }: DeploymentInput): void {
  const standards = ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted'])
  new KubeNamespace(chart, 'namespace', {
    metadata: { name: namespace, labels: Object.fromEntries(standards) as Record<string, string> },
  })
}

/** Nothing here speaks to the Kubernetes API, so no token is mounted. */
export function addAccount(chart: Chart, { serviceAccountAnnotations }: DeploymentInput): void {
  new KubeServiceAccount(chart, 'account', {
    metadata: { name: names.account, annotations: serviceAccountAnnotations },
    automountServiceAccountToken: false,
  })
}

/** Settings that are no secret. */
export function addConfig(chart: Chart, { objects }: DeploymentInput): void {
  new KubeConfigMap(chart, 'config', {
    metadata: { name: names.config },
    data: {
      BULLPEN_OBJECTS: objects.url,
      AWS_REGION: objects.region,
      BULLPEN_LOG: 'info',
      ...(objects.endpoint === null ? {} : { S3_ENDPOINT: objects.endpoint }),
    },
  })
}
