import type { Series } from '../api/shapes.ts'
import type { SeriesName } from '../api/service.ts'

/** `BTC/USDT@4h`, as the address carries it. */
export function seriesText(series: SeriesName): string {
  return `${series.symbol}@${series.timeframe}`
}

/** The series that the address names, else the first. */
export function chosenSeries(all: readonly Series[], named: string): Series | undefined {
  return all.find((series) => seriesText(series) === named) ?? all[0]
}

/** Shown when there is a choice; with one series its name alone. */
export function SeriesPicker({
  all,
  chosen,
}: {
  readonly all: readonly Series[]
  readonly chosen: Series | undefined
}) {
  if (chosen === undefined) return null
  if (all.length === 1) {
    return (
      <p className="series-name">
        {chosen.symbol} <span>{chosen.timeframe}</span>
      </p>
    )
  }
  return (
    <label className="series-picker">
      <span className="sr-only">Series</span>
      <select
        value={seriesText(chosen)}
        onChange={(event) => {
          location.hash = `${location.hash.split('?')[0] || '#/now'}?series=${encodeURIComponent(event.target.value)}`
        }}
      >
        {all.map((series) => (
          <option key={seriesText(series)} value={seriesText(series)}>
            {series.symbol} {series.timeframe}
          </option>
        ))}
      </select>
    </label>
  )
}
