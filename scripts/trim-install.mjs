// Runs after `npm ci`. trading-candles unpacks 192 MB of JSON extracts beside the three zipped years that
// `sample:` sources read; they are most of the install's size and nothing here opens them.
import { rmSync } from 'node:fs'

rmSync(new URL('../node_modules/trading-candles/json', import.meta.url), { recursive: true, force: true })
