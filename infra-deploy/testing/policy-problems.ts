import type { KubernetesObject } from '../kubernetes-objects.ts'

interface ContainerLike {
  readonly name: string
  readonly image: string
  readonly resources?: { readonly limits?: Record<string, string>; readonly requests?: Record<string, string> }
  readonly securityContext?: {
    readonly readOnlyRootFilesystem?: boolean
    readonly allowPrivilegeEscalation?: boolean
    readonly privileged?: boolean
    readonly runAsNonRoot?: boolean
    readonly runAsUser?: number
    readonly seccompProfile?: { readonly type: string }
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] }
  }
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
}

interface PodLike {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: {
    readonly containers: readonly ContainerLike[]
    readonly initContainers?: readonly ContainerLike[]
    readonly automountServiceAccountToken?: boolean
    readonly hostNetwork?: boolean
    readonly securityContext?: {
      readonly runAsNonRoot?: boolean
      readonly runAsUser?: number
      readonly seccompProfile?: { readonly type: string }
    }
    readonly serviceAccountName?: string
    readonly volumes?: readonly { readonly name: string; readonly emptyDir?: { readonly sizeLimit?: string } }[]
  }
}

/** The pods that objects make, by `Kind/name` of who makes them. */
export function podsOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, PodLike> {
  return new Map(
    objects.flatMap((object) => {
      const { kind, metadata } = object
      const spec = object['spec'] as
        | { readonly template?: PodLike; readonly jobTemplate?: { readonly spec: { readonly template: PodLike } } }
        | undefined
      const template = kind === 'CronJob' ? spec?.jobTemplate?.spec.template : spec?.template
      return template === undefined ? [] : [[`${kind}/${metadata.name}`, template] as const]
    }),
  )
}

/** What objects do that they must not do. `secrets` are those that exist, as `name/key`. */
export function policyProblems(objects: readonly KubernetesObject[], secrets: ReadonlySet<string>): readonly string[] {
  const problems: string[] = []
  for (const [owner, pod] of podsOf(objects)) {
    for (const problem of podProblems(pod)) problems.push(`${owner}: ${problem}`)
  }
  const configMaps = new Set(objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name))
  const accounts = new Set(objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name))
  if (objects.some(({ kind }) => kind === 'Secret')) problems.push('a Secret is written out')
  for (const { kind, metadata, automountServiceAccountToken: token } of objects) {
    if (kind === 'ServiceAccount' && token !== false) problems.push(`ServiceAccount ${metadata.name} hands out a token`)
  }
  visit(objects, (key, value) => {
    if (typeof value === 'string' && /:\/\/[^/\s:@]*:[^/\s@]+@/.test(value))
      problems.push(`${key} has a password in it`)
    if (key === 'secretKeyRef' || key === 'credentials') {
      const { name, key: field } = value as { name: string; key: string }
      if (!secrets.has(`${name}/${field}`)) problems.push(`Secret ${name} has no ${field}`)
    }
    if (key === 'secretName' && ![...secrets].some((known) => known.startsWith(`${String(value)}/`))) {
      problems.push(`there is no Secret ${String(value)}`)
    }
    if (key === 'configMapRef' && !configMaps.has((value as { name: string }).name)) {
      problems.push(`there is no ConfigMap ${(value as { name: string }).name}`)
    }
    if (key === 'serviceAccountName' && !accounts.has(String(value)))
      problems.push(`no ServiceAccount ${String(value)}`)
  })
  return problems
}

function podProblems({ spec }: PodLike): string[] {
  const problems: string[] = []
  const { automountServiceAccountToken, hostNetwork, securityContext: pod } = spec
  if (automountServiceAccountToken !== false) problems.push('mounts a token of its service account')
  if (hostNetwork === true) problems.push('uses the network of its host')
  if (pod?.runAsNonRoot !== true || !((pod.runAsUser ?? 0) > 0)) problems.push('may run as root')
  if (pod?.seccompProfile?.type !== 'RuntimeDefault') problems.push('has no seccomp profile')
  for (const { name, emptyDir } of spec.volumes ?? []) {
    if (emptyDir && emptyDir.sizeLimit === undefined) problems.push(`${name} may fill the disk of its host`)
  }
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const { name, image, resources, securityContext, env = [] } = container
    const tag = /(:[^:/]+|@sha256:[0-9a-f]{64})$/.exec(image)?.[0]
    if (tag === undefined || tag === ':latest') problems.push(`${name} runs ${image}, which may change`)
    for (const kind of ['cpu', 'memory']) {
      if (resources?.limits?.[kind] === undefined) problems.push(`${name} has no limit of ${kind}`)
      if (resources?.requests?.[kind] === undefined) problems.push(`${name} requests no ${kind}`)
    }
    if (securityContext?.readOnlyRootFilesystem !== true) problems.push(`${name} may write to its root file system`)
    if (securityContext?.allowPrivilegeEscalation !== false) problems.push(`${name} may gain privileges`)
    const { runAsNonRoot, runAsUser, seccompProfile, privileged } = securityContext ?? {}
    if (runAsNonRoot !== true || runAsUser === 0) problems.push(`${name} may run as root`)
    if (seccompProfile?.type !== 'RuntimeDefault') problems.push(`${name} has no seccomp profile`)
    if (privileged === true) problems.push(`${name} is privileged`)
    const { drop, add } = securityContext?.capabilities ?? {}
    if (drop?.includes('ALL') !== true || add !== undefined) problems.push(`${name} keeps capabilities`)
    for (const { name: variable, value } of env) {
      if (value !== undefined && /URL|KEY_ID|SECRET|PASSWORD|TOKEN/.test(variable)) {
        problems.push(`${name} has the value of ${variable} written out`)
      }
    }
  }
  return problems
}

/** Every field of a JSON value, outermost first. */
export function visit(value: unknown, see: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, field] of Object.entries(value)) {
    see(key, field)
    visit(field, see)
  }
}
