import type { Chart } from 'cdk8s'
import { IntOrString, KubeHorizontalPodAutoscalerV2, KubePodDisruptionBudget } from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { labelsOf, names, selectorOf } from './names.ts'

/** How many pods there are: by CPU, and while nodes are drained. */
export function addAvailability(chart: Chart, { replicas: { least, most, cpuPercent } }: DeploymentInput): void {
  const metadata = { name: names.serving, labels: labelsOf('serving') }
  new KubePodDisruptionBudget(chart, 'disruption-budget', {
    metadata,
    spec: {
      selector: { matchLabels: selectorOf('serving') },
      maxUnavailable: IntOrString.fromNumber(1),
      // One that is not ready answers nothing: it must not keep a node from being drained.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  })
  if (most === least) return
  new KubeHorizontalPodAutoscalerV2(chart, 'autoscaler', {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: names.serving },
      minReplicas: least,
      maxReplicas: most,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } },
        },
      ],
      // A verdict is asked for when a candle closes, by all at once: grow at once, shrink after ten quiet minutes.
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }] },
        scaleDown: { stabilizationWindowSeconds: 600, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      },
    },
  })
}
