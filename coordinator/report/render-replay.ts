import { costsText, rulesText, strategyCells, strategyHead } from '../backtest/index.ts'
import { concludeReplay, type ReplayResult } from '../replay/index.ts'
import { drawdownFigure, equityFigure } from './charts/equity.ts'
import { renderFigure, table } from './charts/figure.ts'
import { html } from './html.ts'
import { renderPage, section } from './page.ts'
import { count, counted } from '../counted.ts'
import { barWidth, utcDay, utcMinute } from './wording.ts'

/** The page of one replay, in the look of the report. Pure: same data, same bytes. */
export function renderReplay(
  result: ReplayResult,
  meta: { readonly createdAt: number; readonly version: string },
): string {
  const { symbol, widthMs, weeks, bars, block, strategies, cadences, rules, costs } = result
  const { openTime } = bars
  const paths = { openTime, strategies }
  const trainings = cadences.flatMap(({ name, trainings: all }) =>
    all.map(({ week, at, promoted, text }) => [
      name,
      String(week + 1),
      utcDay(at),
      promoted ? 'promoted' : 'not',
      text,
    ]),
  )
  return renderPage({
    title: `${counted(weeks, 'week')} of ${symbol} lived through again`,
    masthead: html`<h1>${counted(weeks, 'week')} of ${symbol}, ${barWidth(widthMs)} bars, lived through again</h1>
      <p>${count(openTime.length)} bars, ${utcDay(openTime[0]!)} – ${utcDay(openTime.at(-1)!)}</p>`,
    main: [
      html`<div class="panel">
        <p class="eyebrow">Each bar is answered by a model that was trained on what had closed before its week</p>
        ${concludeReplay(result).map((sentence) => html`<p class="plain">${sentence}</p>`)}
        <p class="caveat">${rulesText(rules)}; ${costsText(costs)}.</p>
      </div>`,
      section(
        'The paths',
        'How often a model is retrained, all at the same costs.',
        renderFigure(equityFigure(paths)),
        renderFigure(drawdownFigure(paths)),
      ),
      section(
        'The figures',
        'Intervals hold 95 % of what resampled blocks of these bars give.',
        html`<div class="panel">
          ${table(strategyHead, strategies.map(strategyCells), `After costs; intervals from moving blocks of ${block} bars`)}
        </div>`,
      ),
      section(
        'The trainings',
        'What the gate made of each model.',
        html`<div class="panel">
          ${table(['cadence', 'week', 'trained', 'gate', 'why'], trainings, 'In the order of the cadences')}
        </div>`,
      ),
    ],
    colophon: `Written ${utcMinute(meta.createdAt)} by bullpen ${meta.version}. A statistical statement about past prices, not advice.`,
  })
}
