export { KnownDemotions } from './demotions.ts'
export { DriftMonitor, driftPolicies } from './drift-monitor.ts'
export type { DriftMonitorOptions, DriftMonitorParts, DriftPolicy } from './drift-monitor.ts'
