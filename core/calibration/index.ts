export { pickAnswered } from './answered-rows.ts'
export type { AnsweredRows } from './answered-rows.ts'
export { actedRows, choosePolicy, never, policyKinds } from './choose-policy.ts'
export type { JudgedRows, PolicyKind, PolicyWish } from './choose-policy.ts'
export { coverageOf, nonconformityThreshold } from './conformal.ts'
export { calibrationKinds, crossFitted, fitCalibration } from './fit-calibration.ts'
export type { CalibrationKind, CrossFitPart } from './fit-calibration.ts'
export { fitCurve, isotonicRegression } from './isotonic.ts'
export { fitSigmoid } from './platt.ts'
export {
  brierScore,
  expectedCalibrationError,
  reliabilityGroups,
  reliabilityGroupsOf,
  reliabilityOf,
} from './reliability.ts'
export type { ReliabilityGroup } from './reliability.ts'
