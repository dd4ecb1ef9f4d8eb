export { isTaskName, ownModuleName, protocolVersion, taskSchemas } from './tasks.ts'
export type { EngineRef, FoldMetrics, RowRange, TaskName, TaskPayload, TaskResult } from './tasks.ts'
export type { Agent, AgentFacts, AgentPulse, Fleet } from './fleet.ts'
export { jsonProblem } from './json-problem.ts'
export type { Json } from './json-problem.ts'
export { kindOf } from './kind-of.ts'
export { targetNames } from './rental-ledger.ts'
export type {
  HourlyPrice,
  PlannedRental,
  Rental,
  RentalKind,
  RentalLedger,
  RentalQuery,
  TargetName,
} from './rental-ledger.ts'
export type {
  ClaimRequest,
  ClusterChange,
  ClusterClaim,
  ClusterPhase,
  ClusterRecord,
  ClusterStore,
} from './cluster-store.ts'
export type { ClusterOutputs, ClusterRequest, FallBack, InventoryItem, Target } from './target.ts'
export { ownRoute, trainingRoute } from './route.ts'
export type { Route } from './route.ts'
export { maxLostWorkers } from './task-ledger.ts'
export type {
  AttemptReport,
  LeasedTask,
  LeaseRequest,
  Renewal,
  ReportVerdict,
  RouteLoad,
  TaskLease,
  TaskLedger,
  WaitingTask,
} from './task-ledger.ts'
export { afterCancel, afterLapse, afterReport, isLastChance, isSuspect, lendable } from './ledger-rules.ts'
export type { TaskHistory } from './ledger-rules.ts'
export { checkResult, checkTask, makeTask, maxTaskJson } from './make-task.ts'
export type { TaskRequest } from './make-task.ts'
export { failed, mayRetry, succeeded } from './outcomes.ts'
export type { AttemptRecord } from './outcomes.ts'
export type {
  ConsumeOptions,
  Consumer,
  Task,
  TaskContext,
  TaskHandler,
  TaskOf,
  TaskOutcome,
  TaskQueue,
} from './task-queue.ts'
