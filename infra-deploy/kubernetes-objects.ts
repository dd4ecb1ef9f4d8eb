import { App, Chart } from 'cdk8s'
import { deploymentInput, type DeploymentInput, type SecretKey } from './deployment-input.ts'
import { addAvailability } from './objects/availability.ts'
import { addMonitoring } from './objects/monitoring.ts'
import { labelsOf } from './objects/names.ts'
import { addNetworkPolicies } from './objects/network-policies.ts'
import { addServingDeployment } from './objects/serving-deployment.ts'
import { addServingNetwork } from './objects/serving-network.ts'
import { addAccount, addConfig, addNamespace } from './objects/surroundings.ts'
import { addWeeklyCronJob } from './objects/weekly-cron-job.ts'

/** A Kubernetes object as YAML or JSON has it. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** Files of objects, in the order in which they are applied. */
const files: Readonly<Record<string, readonly ((chart: Chart, input: DeploymentInput) => void)[]>> = {
  namespace: [addNamespace],
  settings: [addAccount, addConfig],
  'network-policies': [addNetworkPolicies],
  serving: [addServingDeployment, addServingNetwork, addAvailability],
  weekly: [addWeeklyCronJob],
  monitoring: [addMonitoring],
}

/**
 * Every object of an installation, by the file it belongs into. The same objects are written as YAML and wrapped for
 * Terraform. Throws DeploymentInputInvalid.
 */
export function kubernetesObjects(raw: unknown): Readonly<Record<string, readonly KubernetesObject[]>> {
  const input = deploymentInput(raw)
  const app = new App()
  return Object.fromEntries(
    Object.entries(files).map(([name, parts]) => {
      const chart = new Chart(app, name, {
        ...(name === 'namespace' ? {} : { namespace: input.namespace }),
        labels: { 'app.kubernetes.io/part-of': labelsOf('serving')['app.kubernetes.io/part-of']! },
        disableResourceNameHashes: true,
      })
      for (const add of parts) add(chart, input)
      return [name, chart.toJson() as KubernetesObject[]]
    }),
  )
}

/** Secrets that must exist in the namespace before anything is applied; their values are never written here. */
export function neededSecrets(raw: unknown): readonly SecretKey[] {
  const { database, ingress, monitoring, objects, serving, weekly } = deploymentInput(raw)
  const { credentialsSecret } = objects
  return [
    database.secret,
    ...(credentialsSecret === null
      ? []
      : ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((key) => ({ name: credentialsSecret, key }))),
    ...['tls.crt', 'tls.key'].map((key) => ({ name: ingress.tlsSecret, key })),
    ...(serving.anonymousRead ? [] : [monitoring.keySecret]),
    ...[weekly.redisSecret, weekly.signingKeySecret].filter((secret) => secret !== null),
  ]
}
