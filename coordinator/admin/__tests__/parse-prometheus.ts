/** A scrape in the text format of Prometheus 0.0.4; throws for a line that is not of it. */
export function parsePrometheus(text: string): {
  readonly samples: Readonly<Record<string, number>>
  readonly types: ReadonlyMap<string, string>
} {
  const samples: Record<string, number> = {}
  const types = new Map<string, string>()
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.split('\n').filter(Boolean)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    if (comment?.[1] === 'TYPE') types.set(comment[2]!, comment[3]!)
    if (comment) continue
    const sample = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/.exec(line)
    const value = Number(sample?.[3]?.replace('+Inf', 'Infinity'))
    if (!sample || (Number.isNaN(value) && sample[3] !== 'Nan')) throw new Error(`not of the format: ${line}`)
    samples[`${sample[1]}${sample[2] ?? ''}`] = value
  }
  return { samples, types }
}
