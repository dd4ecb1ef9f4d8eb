import { Type, type Static } from '@sinclair/typebox'

const closed = { additionalProperties: false }
const words = Type.Record(Type.String(), Type.String())
const metadata = Type.Object(
  { name: Type.String(), namespace: Type.Optional(Type.String()), labels: Type.Optional(words) },
  closed,
)
const duration = Type.String({ pattern: '^[0-9]+(s|m|h|d)$' })

/** What is used here of the ServiceMonitor of monitoring.coreos.com/v1 (prometheus-operator's api.md); nothing else passes. */
export const ServiceMonitor = Type.Object(
  {
    apiVersion: Type.Literal('monitoring.coreos.com/v1'),
    kind: Type.Literal('ServiceMonitor'),
    metadata,
    spec: Type.Object(
      {
        jobLabel: Type.Optional(Type.String()),
        selector: Type.Object({ matchLabels: words }, closed),
        namespaceSelector: Type.Optional(Type.Object({ matchNames: Type.Array(Type.String()) }, closed)),
        endpoints: Type.Array(
          Type.Object(
            {
              port: Type.String(),
              path: Type.String(),
              interval: duration,
              scrapeTimeout: duration,
              authorization: Type.Optional(
                Type.Object(
                  {
                    type: Type.Literal('Bearer'),
                    credentials: Type.Object({ name: Type.String(), key: Type.String() }, closed),
                  },
                  closed,
                ),
              ),
            },
            closed,
          ),
          { minItems: 1 },
        ),
      },
      closed,
    ),
  },
  closed,
)

const rule = Type.Object(
  { alert: Type.String(), expr: Type.String(), for: duration, labels: words, annotations: words },
  closed,
)

/** What is used here of the PrometheusRule of monitoring.coreos.com/v1. */
export const PrometheusRule = Type.Object(
  {
    apiVersion: Type.Literal('monitoring.coreos.com/v1'),
    kind: Type.Literal('PrometheusRule'),
    metadata,
    spec: Type.Object(
      { groups: Type.Array(Type.Object({ name: Type.String(), rules: Type.Array(rule) }, closed)) },
      closed,
    ),
  },
  closed,
)

export type ServiceMonitor = Static<typeof ServiceMonitor>
export type PrometheusRule = Static<typeof PrometheusRule>
