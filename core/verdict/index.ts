export { classOfTarget, classProbabilities, predictionSet, targetOfClass, verdictOf, verdicts } from './verdict.ts'
export type { ClassProbabilities, Verdict, VerdictPolicy } from './verdict.ts'
