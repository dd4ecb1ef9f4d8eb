import { basename, dirname } from 'node:path'
import type { Chart } from 'cdk8s'
import { KubeCronJob, type Container, type PodSpec } from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { labelsOf, names } from './names.ts'
import { configured, containerSecurity, fromSecret, podSecurity, resourcesOf, scratch, storesEnv } from './pod-parts.ts'

const homeSize = '8Gi'
/** A file of a Secret can be read by a group, which bullpen refuses of a private key: it is copied for its owner alone. */
const signing = { mounted: '/etc/bullpen/signing/key.pem', kept: '/var/lib/bullpen/signing-key.pem' } as const

/** The weekly run: candles, training, the gate, and perhaps a new champion, which the service takes up by itself. */
export function addWeeklyCronJob(chart: Chart, input: DeploymentInput): void {
  const { schedule, hours } = input.weekly
  new KubeCronJob(chart, 'weekly', {
    metadata: { name: names.weekly, labels: labelsOf('weekly') },
    spec: {
      schedule,
      // Bullpen reads the same expression and knows no other zone.
      timeZone: 'Etc/UTC',
      // The week before may still be training: two runs at once would only slow each other down.
      concurrencyPolicy: 'Forbid',
      // A control plane that was away for up to a day starts the run it missed, once.
      startingDeadlineSeconds: 86_400,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 5,
      jobTemplate: {
        metadata: { labels: labelsOf('weekly') },
        spec: {
          // Three pods, as many as bullpen lets begin a due time: after a node that died the next goes on with the run. One
          // that failed is not begun again; the next pod says so and fails as well.
          backoffLimit: 2,
          activeDeadlineSeconds: hours * 3600,
          ttlSecondsAfterFinished: 14 * 86_400,
          template: { metadata: { labels: labelsOf('weekly') }, spec: podOf(input) },
        },
      },
    },
  })
}

function podOf(input: DeploymentInput): PodSpec {
  const { signingKeySecret } = input.weekly
  return {
    serviceAccountName: names.account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    securityContext: podSecurity,
    // Tasks in hand are finished and recorded, then the run is marked interrupted.
    terminationGracePeriodSeconds: 120,
    ...(signingKeySecret === null ? {} : { initContainers: [signingContainer(input)] }),
    containers: [weeklyContainer(input)],
    volumes: [
      ...scratch(homeSize).map(({ volume }) => volume),
      ...(signingKeySecret === null
        ? []
        : [
            {
              name: 'signing',
              secret: {
                secretName: signingKeySecret.name,
                items: [{ key: signingKeySecret.key, path: basename(signing.mounted) }],
              },
            },
          ]),
    ],
  }
}

function weeklyContainer(input: DeploymentInput): Container {
  const { candles, since, schedule, redisSecret, signingKeySecret, threads, resources } = input.weekly
  return {
    name: 'weekly',
    image: input.images.worker,
    imagePullPolicy: 'IfNotPresent',
    // The claim in the database comes last, so that a run by hand can leave it out (docs/operations.md).
    args: ['weekly', '--candles', candles, '--since', since, '--json', '--scheduled', 'latest', '--cron', schedule],
    envFrom: configured,
    env: [
      ...storesEnv(input),
      { name: 'BULLPEN_THREADS', value: String(threads) },
      ...(redisSecret === null ? [] : [fromSecret('REDIS_URL', redisSecret)]),
      ...(signingKeySecret === null ? [] : [{ name: 'BULLPEN_SIGNING_KEY', value: signing.kept }]),
    ],
    resources: resourcesOf(resources),
    securityContext: containerSecurity,
    volumeMounts: scratch(homeSize).map(({ mount }) => mount),
  }
}

function signingContainer({ images }: DeploymentInput): Container {
  const { mounted, kept } = signing
  const copy = `fs.writeFileSync('${kept}', fs.readFileSync('${mounted}'), { mode: 0o600 })`
  const [home] = scratch(homeSize)
  return {
    name: 'signing-key',
    image: images.worker,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', copy],
    resources: resourcesOf({ cpu: '50m', cpuLimit: '500m', memory: '128Mi' }),
    securityContext: containerSecurity,
    volumeMounts: [home!.mount, { name: 'signing', mountPath: dirname(mounted), readOnly: true }],
  }
}
