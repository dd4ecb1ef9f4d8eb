/**
 * How a pod of the service goes away without a client noticing, s. `docs/serving.md` tells what the service does.
 *
 *     deleted --preStop--> SIGTERM --notice--> no new connections --drain--> cut off --closing--> gone
 *       5 s: endpoints     5 s: /ready says no      10 s: answers            10 s: log, database
 *       learn of it        to those who ask         under way
 */
export const shutdown = {
  /** Until kube-proxy and the ingress controller send it nothing more. */
  preStopSeconds: 5,
  /** `--drain-notice`. */
  noticeSeconds: 5,
  /** `limits.drainMs` of the service, which a test compares. */
  drainSeconds: 10,
  /** To write the last verdicts down and close what is open. */
  closingSeconds: 10,
} as const

/** After this the kubelet ends a pod by force: the sum of the above. */
export const graceSeconds = Object.values(shutdown).reduce((sum, seconds) => sum + seconds, 0)
