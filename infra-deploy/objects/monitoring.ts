import { ApiObject, type Chart } from 'cdk8s'
import { KubeConfigMap } from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { alerts } from './alerts.ts'
import { dashboard } from './dashboard.ts'
import { labelsOf, names, selectorOf } from './names.ts'
import type { PrometheusRule, ServiceMonitor } from './prometheus-operator.ts'

/** What Prometheus (with its operator) and Grafana (with its sidecar) take from the cluster. */
export function addMonitoring(chart: Chart, { monitoring, namespace, serving }: DeploymentInput): void {
  const metadata = { name: names.serving, labels: { ...labelsOf('serving'), ...monitoring.labels } }
  const monitor: Omit<ServiceMonitor, 'metadata'> = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    spec: {
      selector: { matchLabels: selectorOf('serving') },
      namespaceSelector: { matchNames: [namespace] },
      endpoints: [
        {
          port: names.port,
          path: '/metrics',
          interval: '30s',
          scrapeTimeout: '10s',
          // Metrics are read with a key, as verdicts are.
          ...(serving.anonymousRead
            ? {}
            : { authorization: { type: 'Bearer' as const, credentials: monitoring.keySecret } }),
        },
      ],
    },
  }
  new ApiObject(chart, 'service-monitor', { ...monitor, metadata })

  const rules: Omit<PrometheusRule, 'metadata'> = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    spec: {
      groups: [
        {
          name: names.serving,
          rules: alerts.map(({ name, expr, severity, summary, ...rule }) => ({
            alert: name,
            expr,
            for: rule.for,
            labels: { severity },
            annotations: { summary, runbook: `docs/operations.md#${name.toLowerCase()}` },
          })),
        },
      ],
    },
  }
  new ApiObject(chart, 'alerts', { ...rules, metadata })

  new KubeConfigMap(chart, 'dashboard', {
    metadata: { name: `${names.serving}-dashboard`, labels: { ...labelsOf('serving'), grafana_dashboard: '1' } },
    data: { 'bullpen-serving.json': JSON.stringify(dashboard(), undefined, 2) },
  })
}
