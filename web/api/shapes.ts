import type { Cluster, Equity, Explanation, RunDetail, SeriesList } from '#client'

// Parts of the service's answers that have no name of their own in the client.

export type VerdictWord = Explanation['verdict']
export type Probabilities = Explanation['probabilities']
export type Contribution = Explanation['contributions'][number]
export type Series = SeriesList['items'][number]
export type EquityPoint = Equity['points'][number]
export type Trial = RunDetail['trials'][number]
export type Host = Cluster['hosts'][number]
