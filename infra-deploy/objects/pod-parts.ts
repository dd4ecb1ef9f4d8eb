import {
  IntOrString,
  Quantity,
  type EnvVar,
  type HttpGetAction,
  type PodSecurityContext,
  type ResourceRequirements,
  type SecurityContext,
  type Volume,
  type VolumeMount,
} from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput, Resources, SecretKey } from '../deployment-input.ts'
import { names } from './names.ts'

/** User of the images, by number. */
const imageUser = 1000

/** What the Pod Security Standard `restricted` asks for. */
export const podSecurity: PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: imageUser,
  runAsGroup: imageUser,
  fsGroup: imageUser,
  seccompProfile: { type: 'RuntimeDefault' },
}

export const containerSecurity: SecurityContext = {
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
}

/** Memory is limited to what is requested: a pod that takes more would be the first to be evicted anyway. */
export function resourcesOf({ cpu, cpuLimit, memory }: Resources): ResourceRequirements {
  const quantity = (value: string): Quantity => Quantity.fromString(value)
  return {
    requests: { cpu: quantity(cpu), memory: quantity(memory) },
    limits: { cpu: quantity(cpuLimit), memory: quantity(memory) },
  }
}

/** The two folders that may be written to; they go with the pod. */
export function scratch(home: string): readonly { readonly volume: Volume; readonly mount: VolumeMount }[] {
  const folder = (name: string, mountPath: string, size: string) => ({
    volume: { name, emptyDir: { sizeLimit: Quantity.fromString(size) } },
    mount: { name, mountPath },
  })
  return [folder('home', '/var/lib/bullpen', home), folder('tmp', '/tmp', '256Mi')]
}

export function fromSecret(name: string, { name: secret, key }: SecretKey): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } }
}

/** Environment of every pod: where the registry and the objects are. */
export function storesEnv({ database, objects }: DeploymentInput): EnvVar[] {
  const { credentialsSecret } = objects
  const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].flatMap((key) =>
    credentialsSecret === null ? [] : [fromSecret(key, { name: credentialsSecret, key })],
  )
  return [fromSecret('DATABASE_URL', database.secret), ...credentials]
}

/** Settings that are no secret, from the ConfigMap. */
export const configured = [{ configMapRef: { name: names.config } }]

export function get(path: string): HttpGetAction {
  return { path, port: IntOrString.fromString(names.port) }
}
