/**
 * What adverse drift leads to: nothing but word of it; the model only holds until another takes its place; or the
 * champion before it answers again, and where there is none the model only holds.
 */
export const driftPolicies = ['watch', 'hold-only', 'previous-champion'] as const

export type DriftPolicy = (typeof driftPolicies)[number]
