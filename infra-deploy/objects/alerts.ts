import { names } from './names.ts'

/** One alert. `docs/operations.md` says under the same name what it means and what to do. */
export interface Alert {
  readonly name: string
  readonly expr: string
  /** How long it has to hold. */
  readonly for: string
  /** `page`: somebody's answers are wrong or missing now; `ticket`: look within a day. */
  readonly severity: 'page' | 'ticket'
  readonly summary: string
}

const job = `job="${names.serving}"`
const weekly = `cronjob="${names.weekly}"`
const failed = `sum(rate(http_requests_total{${job},status=~"5.."}[5m]))`
const answered = `sum(rate(http_requests_total{${job}}[5m]))`

/** Alerts on what a service says of itself at /metrics, and on what kube-state-metrics says of the weekly run. */
export const alerts: readonly Alert[] = [
  {
    name: 'BullpenServingDown',
    expr: `absent(up{${job}} == 1)`,
    for: '2m',
    severity: 'page',
    summary: 'No replica of the verdict service can be scraped.',
  },
  {
    name: 'BullpenNotReady',
    expr: `max(bullpen_ready{${job}}) == 0`,
    for: '5m',
    severity: 'page',
    summary: 'No replica is ready: there is no verified model, or no fresh data.',
  },
  {
    name: 'BullpenDataStale',
    expr: `max by (series) (bullpen_data_stale{${job}}) == 1`,
    for: '10m',
    severity: 'page',
    summary: 'No candle of {{ $labels.series }} has closed for more than two widths: its verdicts are history.',
  },
  {
    name: 'BullpenErrors',
    expr: `${failed} / ${answered} > 0.02`,
    for: '10m',
    severity: 'page',
    summary: '{{ $value | humanizePercentage }} of the requests fail.',
  },
  {
    name: 'BullpenSlow',
    expr: `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{${job}}[5m]))) > 0.5`,
    for: '10m',
    severity: 'ticket',
    summary: 'One request of a hundred takes longer than {{ $value | humanizeDuration }}.',
  },
  {
    name: 'BullpenEventLoopBehind',
    expr: `max by (pod) (nodejs_eventloop_lag_p99_seconds{${job}}) > 0.25`,
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.pod }} is behind with its work; above half a second it refuses requests.',
  },
  {
    name: 'BullpenReplicasDisagree',
    expr: `max by (series) (bullpen_model_version{${job}}) != min by (series) (bullpen_model_version{${job}})`,
    for: '10m',
    severity: 'page',
    summary: 'Replicas answer for {{ $labels.series }} with different models.',
  },
  {
    name: 'BullpenModelRefused',
    expr: `sum by (code) (increase(bullpen_model_refused_total{${job}}[30m])) > 0`,
    for: '0m',
    severity: 'ticket',
    summary: 'A promoted model was refused with {{ $labels.code }}; the one before goes on answering.',
  },
  {
    name: 'BullpenModelTakenBack',
    expr: `sum(increase(bullpen_model_rollbacks_total{${job}}[30m])) > 0`,
    for: '0m',
    severity: 'ticket',
    summary: 'A model gave wrong answers soon after it was swapped in and was taken back.',
  },
  {
    name: 'BullpenDrift',
    expr: `max by (series, metric) (bullpen_drift{${job}}) > max by (series, metric) (bullpen_drift_limit{${job}})`,
    for: '1h',
    severity: 'ticket',
    summary: '{{ $labels.metric }} of {{ $labels.series }} has drifted beyond its limit.',
  },
  {
    name: 'BullpenWeeklyMissed',
    expr: `time() - max(kube_cronjob_status_last_successful_time{${weekly}} or kube_cronjob_created{${weekly}}) > 8 * 86400`,
    for: '1h',
    severity: 'ticket',
    summary: 'No weekly run has succeeded for eight days.',
  },
  {
    name: 'BullpenWeeklyFailed',
    expr: `max by (job_name) (kube_job_status_failed{job_name=~"${names.weekly}-.*"}) > 0`,
    for: '0m',
    severity: 'ticket',
    summary: 'The weekly run {{ $labels.job_name }} has failed.',
  },
]
