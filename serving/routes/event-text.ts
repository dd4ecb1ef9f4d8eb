import { formatTimeframe } from '#core/candles'
import type { HubEntry } from '../events/service-events.ts'
import type { ServiceEvent } from '../ports.ts'
import { isoTime } from './iso-time.ts'
import { verdictFields } from './verdict-text.ts'

/** An event as server-sent events have it. */
export function eventText({ id, event }: HubEntry): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(dataOf(event))}\n\n`
}

function dataOf(event: ServiceEvent): object {
  switch (event.kind) {
    case 'verdict':
      // Told before it is logged, so it has no id of the log yet.
      return { ...verdictFields(event.given), computedAt: isoTime(event.given.at) }
    case 'stale': {
      const { series, stale, dataAgeMs } = event
      return { symbol: series.symbol, timeframe: formatTimeframe(series.widthMs), stale, dataAgeMs }
    }
    case 'drift': {
      const { series, version, adverse, measures } = event
      return { symbol: series.symbol, timeframe: formatTimeframe(series.widthMs), version, adverse, measures }
    }
    case 'model': {
      const { version, before, sha256 } = event
      return { version, before, sha256 }
    }
    case 'model-refused': {
      const { version, code, reason } = event
      return { version, code, reason }
    }
    case 'rollback': {
      const { from, to, reason } = event
      return { from, to, reason }
    }
  }
}
