import type { Chart } from 'cdk8s'
import { IntOrString, KubeDeployment, type Container } from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { labelsOf, names, selectorOf, servingPort } from './names.ts'
import { configured, containerSecurity, get, podSecurity, resourcesOf, scratch, storesEnv } from './pod-parts.ts'
import { graceSeconds, shutdown } from './shutdown.ts'

/**
 * The service. Where replicas may vary their number is left to the autoscaler, whose least is also what a new Deployment
 * comes to: a number here would throw it back to that number at every apply.
 */
export function addServingDeployment(chart: Chart, input: DeploymentInput): void {
  const { replicas, images } = input
  new KubeDeployment(chart, 'serving', {
    metadata: { name: names.serving, labels: labelsOf('serving') },
    spec: {
      ...(replicas.least === replicas.most ? { replicas: replicas.least } : {}),
      revisionHistoryLimit: 5,
      // A pod counts once it has answered for ten seconds; a new version has ten minutes to get there.
      minReadySeconds: 10,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: selectorOf('serving') },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: IntOrString.fromNumber(0), maxSurge: IntOrString.fromNumber(1) },
      },
      template: {
        metadata: { labels: labelsOf('serving') },
        spec: {
          serviceAccountName: names.account,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity,
          terminationGracePeriodSeconds: graceSeconds,
          // Over zones when there are any, over hosts; on a cluster with neither it still starts.
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
            topologyKey,
            maxSkew: 1,
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: selectorOf('serving') },
            // Pods of the version before do not count while a new one is rolled out.
            matchLabelKeys: ['pod-template-hash'],
          })),
          containers: [servingContainer(input, images.serving)],
          volumes: scratch('1Gi').map(({ volume }) => volume),
        },
      },
    },
  })
}

function servingContainer(input: DeploymentInput, image: string): Container {
  return {
    name: 'serving',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: servingArguments(input),
    ports: [{ name: names.port, containerPort: servingPort, protocol: 'TCP' }],
    envFrom: configured,
    env: storesEnv(input),
    resources: resourcesOf(input.serving.resources),
    securityContext: containerSecurity,
    // Waiting for the database and fetching the model may take two minutes.
    startupProbe: { httpGet: get('/startup'), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60 },
    readinessProbe: { httpGet: get('/ready'), periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2 },
    // It says only that the process answers: a database that is away must not restart those who go on without it.
    livenessProbe: { httpGet: get('/healthcheck'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    lifecycle: { preStop: { sleep: { seconds: shutdown.preStopSeconds } } },
    volumeMounts: scratch('1Gi').map(({ mount }) => mount),
  }
}

function servingArguments({ serving }: DeploymentInput): string[] {
  const { aliases, anonymousRead, driftPolicy, exchange } = serving
  return [
    '--json',
    ...['--host', '0.0.0.0', '--port', String(servingPort)],
    ...['--drain-notice', String(shutdown.noticeSeconds)],
    ...aliases.flatMap((alias) => ['--alias', alias]),
    ...['--drift-policy', driftPolicy],
    ...(exchange === null ? [] : ['--exchange', exchange]),
    anonymousRead ? '--anonymous-read' : '--no-anonymous-read',
  ]
}
