import { names } from './names.ts'

const job = `job="${names.serving}"`

/** [title, unit of Grafana, query, legend] */
const panels: readonly (readonly [string, string, string, string])[] = [
  ['Ready replicas', 'none', `sum(bullpen_ready{${job}})`, 'ready'],
  ['Model version', 'none', `max by (series) (bullpen_model_version{${job}})`, '{{series}}'],
  ['Age of the data', 's', `min by (series) (bullpen_data_age_seconds{${job}})`, '{{series}}'],
  [
    'Verdicts computed per hour',
    'none',
    `sum by (verdict) (increase(bullpen_verdicts_total{${job}}[1h]))`,
    '{{verdict}}',
  ],
  ['Requests per second', 'reqps', `sum by (route) (rate(http_requests_total{${job}}[5m]))`, '{{route}}'],
  [
    'Failing requests',
    'percentunit',
    `sum(rate(http_requests_total{${job},status=~"5.."}[5m])) / sum(rate(http_requests_total{${job}}[5m]))`,
    'failing',
  ],
  [
    'Time of an answer, 99 of 100',
    's',
    `histogram_quantile(0.99, sum by (le, route) (rate(http_request_duration_seconds_bucket{${job}}[5m])))`,
    '{{route}}',
  ],
  [
    'Drift over its limit',
    'percentunit',
    `max by (series, metric) (bullpen_drift{${job}}) / max by (series, metric) (bullpen_drift_limit{${job}})`,
    '{{series}} {{metric}}',
  ],
  ['Models swapped', 'none', `sum(increase(bullpen_model_swaps_total{${job}}[1h]))`, 'swapped'],
  ['Listeners to events', 'none', `sum(bullpen_event_listeners{${job}})`, 'listeners'],
  ['Memory', 'bytes', `process_resident_memory_bytes{${job}}`, '{{pod}}'],
  ['Event loop behind, 99 of 100', 's', `nodejs_eventloop_lag_p99_seconds{${job}}`, '{{pod}}'],
]

/** The dashboard as Grafana reads it from a file: two panels a row, any Prometheus as its source. */
export function dashboard(): object {
  const datasource = { type: 'prometheus', uid: '${datasource}' }
  return {
    uid: names.serving,
    title: 'bullpen: serving',
    tags: ['bullpen'],
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-24h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
    panels: panels.map(([title, unit, expr, legendFormat], i) => ({
      id: i + 1,
      type: 'timeseries',
      title,
      datasource,
      gridPos: { h: 8, w: 12, x: 12 * (i % 2), y: 8 * Math.floor(i / 2) },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: [{ refId: 'A', datasource, expr, legendFormat }],
    })),
  }
}
