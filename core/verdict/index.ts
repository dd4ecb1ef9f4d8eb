export { classOfTarget, classProbabilities, verdictOf, verdicts, targetOfClass } from './verdict.ts'
export type { ClassProbabilities, Verdict, VerdictPolicy } from './verdict.ts'
