// Runs after `npm ci`: removes what two packages carry and nothing here opens (docs/decisions/0004).
import { rmSync } from 'node:fs'

const unused = [
  'trading-candles/json', // 192 MB of JSON extracts beside the three zipped years that `sample:` sources read
  'echarts/dist', // 51 MB of browser bundles; reports import `echarts/core` and its parts
]
for (const folder of unused) {
  rmSync(new URL(`../node_modules/${folder}`, import.meta.url), { recursive: true, force: true })
}
