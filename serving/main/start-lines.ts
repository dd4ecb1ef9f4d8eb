import { formatTime } from '#core/candles'
import { seriesName } from '../routes/series-of.ts'
import { seriesStates } from '../routes/series-states.ts'
import type { Service } from './open-service.ts'
import { isLoopback, type ServeOptions } from './serve-options.ts'

/** What a service says when it begins: where it answers, with what, and what was chosen for the user. */
export function startLines({ url, parts, settings }: Service, { host, anonymousRead }: ServeOptions): string[] {
  const states = seriesStates(parts)
  const chosen = anonymousRead === undefined ? ` (because it listens on ${host})` : ''
  return [
    `serving: ${url} (verdict ${url}/v1/verdict, page ${url}/, documentation ${url}/docs)`,
    ...states.map(({ key, model, newestOpenTime, stale }) => {
      const answers =
        model === null ? 'no model yet' : `model ${model.version} (${model.manifest.model.sha256.slice(0, 12)})`
      const data =
        newestOpenTime === null
          ? 'no candles yet'
          : `newest candle ${formatTime(newestOpenTime)}${stale ? ', stale' : ''}`
      return `series: ${seriesName(key)}, ${answers}, ${data}`
    }),
    ...(states.length === 0 ? [`series: none, because no model is ${settings.alias}: bullpen weekly makes one`] : []),
    settings.anonymousRead ? `reading needs no key${chosen}` : `reading needs a key${chosen}: bullpen keys create`,
    ...(settings.requireFresh ? [] : ['ready whatever the age of the data: its candles are a recording']),
    ...(isLoopback(host) ? [] : ['in clear text: put what ends TLS before it']),
  ]
}
