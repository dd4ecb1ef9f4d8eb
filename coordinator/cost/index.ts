export { paidFor, runCostOf } from './run-cost.ts'
export type { CostSources, PaidRun, RunCost } from './run-cost.ts'
export { SpendingLimit } from './spending-limit.ts'
export type { SpendingLimitOptions } from './spending-limit.ts'
