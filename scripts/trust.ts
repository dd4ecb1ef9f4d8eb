/**
 * `npm run trust [-- NAME ...]`: measures what docs/trust.md claims and writes its tables. Minutes; the same seeds give
 * the same tables. NAME is a section's: without any, all are written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { backtestSection } from './trust/backtest-section.ts'
import { calibrationSection } from './trust/calibration-section.ts'
import { gateSection } from './trust/gate-section.ts'
import { leaksSection } from './trust/leaks-section.ts'
import { withSection, type TrustSection } from './trust/trust-section.ts'

/** Whoever measures another thing adds its section here and its markers to the page. */
const sections: readonly TrustSection[] = [backtestSection, calibrationSection, gateSection, leaksSection]

const page = 'docs/trust.md'
const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !sections.some((section) => section.name === name))
if (unknown !== undefined) {
  console.error(`there is no section ${unknown}: ${sections.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
for (const section of sections.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const text = await section.write((note) => {
    console.error(`${section.name}: ${note}`)
  })
  console.log(`\n${text}\n`)
  // Read anew: another section may have been written meanwhile.
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), section.name, text))
}
