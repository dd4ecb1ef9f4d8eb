/** Names that objects know each other by. */
export const names = {
  serving: 'bullpen-serving',
  weekly: 'bullpen-weekly',
  config: 'bullpen-config',
  account: 'bullpen',
  port: 'http',
} as const

export const servingPort = 8080

export type Component = 'serving' | 'weekly'

/** By these an object is selected: they never change, since a Deployment's selector cannot. */
export function selectorOf(component: Component): Record<string, string> {
  return { 'app.kubernetes.io/name': 'bullpen', 'app.kubernetes.io/component': component }
}

/** Labels of an object: those it is selected by, and where it comes from. */
export function labelsOf(component: Component): Record<string, string> {
  return { ...selectorOf(component), 'app.kubernetes.io/part-of': 'bullpen' }
}
