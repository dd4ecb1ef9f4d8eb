/** What a drawing of the search needs of a trial. */
export interface DrawnTrial {
  readonly number: number
  readonly state: 'complete' | 'pruned' | 'failed'
  /** null until it is complete, or for good. */
  readonly score: number | null
  readonly parameters: Readonly<Record<string, number | string>>
}

/** A parameter as a person reads it: four significant digits, words as they are. */
export function parameterText(value: number | string | undefined): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : (value ?? '–')
}
