/** The least an own task can do. */
export function run(input: number): number {
  return input
}
