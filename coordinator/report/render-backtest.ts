import {
  concludeBacktest,
  costsText,
  rulesText,
  seenText,
  strategyCells,
  strategyHead,
  triedText,
  type BacktestResult,
} from '../backtest/index.ts'
import { drawdownFigure, equityFigure } from './charts/equity.ts'
import { renderFigure, table } from './charts/figure.ts'
import { html, type Html } from './html.ts'
import { renderPage, section } from './page.ts'
import { count } from '../counted.ts'
import { barWidth, percent, utcDay, utcMinute } from './wording.ts'

/** The page of one backtest, in the look of the report. Pure: same data, same bytes. */
export function renderBacktest(
  result: BacktestResult,
  meta: { readonly createdAt: number; readonly version: string },
): string {
  const { symbol, widthMs, model, period, bars } = result
  // Never trading is a flat line: it stands in the table.
  const drawn = result.strategies.filter(({ path }) => path.trades.length > 0)
  const paths = { openTime: bars.openTime, strategies: drawn }
  return renderPage({
    title: `Backtest of model version ${model.version} on ${symbol}`,
    masthead: html`<h1>Backtest of model ${model.version} on ${symbol}, ${barWidth(widthMs)} bars</h1>
      <p>${count(period.bars)} bars, ${utcDay(period.from)} – ${utcDay(period.to)}</p>`,
    main: [
      conclusionPanel(result),
      section(
        'The paths',
        'The model beside what needs no model, all at the same costs.',
        ...(drawn.length === 0 ? [] : [renderFigure(equityFigure(paths)), renderFigure(drawdownFigure(paths))]),
      ),
      section('The figures', 'Intervals hold 95 % of what resampled blocks of these bars give.', figuresPanel(result)),
      section('Luck', 'How far the result stands from what chance and search would show.', luckPanel(result)),
    ],
    colophon: `Written ${utcMinute(meta.createdAt)} by bullpen ${meta.version}. A statistical statement about past prices, not advice.`,
  })
}

function conclusionPanel(result: BacktestResult): Html {
  const { period, rules, costs } = result
  const newer = period.bars - period.inSample - period.judged
  const shout = html`<p class="plain sell">IN SAMPLE: ${seenText(period)}. Its figures here are worth nothing.</p>`
  return html`<div class="panel">
    <p class="eyebrow">
      ${count(period.inSample)} bars it was fitted on, ${count(period.judged)} held out, on which its promotion was
      decided, ${count(newer)} newer
    </p>
    ${period.inSample > 0 ? shout : html``}
    <p class="plain">${concludeBacktest(result).text}</p>
    <p class="caveat">
      ${rulesText(rules)}; ${costsText(costs)}. Orders are filled at the next open, never across a gap.
    </p>
  </div>`
}

function figuresPanel({ strategies, block }: BacktestResult): Html {
  return html`<div class="panel">
    ${table(strategyHead, strategies.map(strategyCells), `After costs; intervals from moving blocks of ${block} bars`)}
  </div>`
}

function luckPanel({ luck }: BacktestResult): Html {
  const { thresholds, tried } = luck
  const chosen =
    tried.overfitting === null
      ? html``
      : html`<li>
          The probability that choosing the best of the ${count(tried.search)} trials of its search by their folds is
          overfitting is ${percent(tried.overfitting)} (CSCV over the folds).
        </li>`
  const search =
    thresholds === null
      ? html``
      : html`<li>
          Of ${thresholds.settings.length} threshold settings tried on these very bars the best has a deflated Sharpe
          ratio of ${percent(thresholds.deflatedSharpe)}; the probability that choosing it is overfitting is
          ${percent(thresholds.overfitting)} (CSCV).
        </li>`
  return html`<div class="panel">
    <ul class="notes">
      <li>
        It ends above ${percent(luck.rankAmongRandom)} of ${count(luck.randomPolicies)} random policies that are in the
        market as often and as long.
      </li>
      <li>
        Deflated Sharpe ratio ${percent(luck.deflatedSharpe)}: the chance that its Sharpe ratio is more than the best of
        ${triedText(luck.tried)} without skill would show.
      </li>
      ${chosen} ${search}
    </ul>
  </div>`
}
