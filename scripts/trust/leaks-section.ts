import { alarmOf, cleanPipelines, plantedLeaks, syntheticSeries, type Pipeline } from '#core/leakage/testing'
import type { TrustSection } from './trust-section.ts'

const planted = Object.values(plantedLeaks).flat()

/** The leak corpus as a table in Markdown: what was planted, which check caught it, and the alarms over clean pipelines. */
function leakCorpusTable(): string {
  const series = syntheticSeries(800, 7)
  const alarm = (made: Pipeline) => alarmOf(made, series, 11)
  const rows = planted.map((made) => {
    const check = alarm(made)
    return `| ${made.name} | ${check ? `\`${check.name}\`` : '**missed**'} |`
  })
  const caught = rows.filter((row) => !row.includes('missed')).length
  const alarms = cleanPipelines.filter((made) => alarm(made) !== undefined).length
  return [
    `${caught} of ${planted.length} planted leaks are caught; ${alarms} of ${cleanPipelines.length} clean pipelines raise an alarm.`,
    '',
    '| planted | caught by |',
    '| ------- | --------- |',
    ...rows,
  ].join('\n')
}

/** The leak corpus as a section of docs/trust.md. */
export const leaksSection: TrustSection = { name: 'leaks', write: () => Promise.resolve(leakCorpusTable()) }
