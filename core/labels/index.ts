export type { Labeler, Labels } from './labeler.ts'
