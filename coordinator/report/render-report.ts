import { calibrationFigure, uncalibratedFigure } from './charts/calibration.ts'
import { candlesFigure, spanInWords } from './charts/candles.ts'
import { confusionFigure } from './charts/confusion.ts'
import { renderFigure } from './charts/figure.ts'
import { importanceAfterFigure, importanceBeforeFigure } from './charts/importance.ts'
import { optimisationHistoryFigure } from './charts/optimisation-history.ts'
import { outerStepsFigure } from './charts/outer-steps.ts'
import { parallelCoordinatesFigure } from './charts/parallel-coordinates.ts'
import { promotionFigures } from './charts/promotion.ts'
import { rocFigures } from './charts/roc.ts'
import { timingsFigure } from './charts/timings.ts'
import { html, type Html } from './html.ts'
import { renderPage, row, section } from './page.ts'
import type { ReportData } from './report-data.ts'
import { abstentionPanel } from './sections/abstention-panel.ts'
import { certificatePanel } from './sections/certificate-panel.ts'
import { factsPanel, notesPanel } from './sections/facts.ts'
import { labelPanel } from './sections/label-panel.ts'
import { outOfSamplePanel } from './sections/out-of-sample-panel.ts'
import { scorePanel } from './sections/score-panel.ts'
import { verdictPanel } from './sections/verdict-panel.ts'
import { count } from '../counted.ts'
import { barWidth, utcMinute } from './wording.ts'

/**
 * The report of one run: one HTML file that fetches nothing, runs nothing, and reads in light, dark, on a phone and on
 * paper. Pure: same data, same bytes. Throws ONE_CLASS when the held-out rows lack a class.
 */
export function renderReport(data: ReportData): string {
  const { series, manifest } = data
  const title = `${data.newest.verdict} ${series.symbol}: model version ${data.version}`
  return renderPage({
    title,
    masthead: html`<h1>${series.symbol}, ${barWidth(series.widthMs)} bars</h1>
      <p>${count(series.rows)} bars, ${spanInWords(data)}</p>
      <p>run ${data.runId}</p>`,
    main: [
      html`<div class="hero">${verdictPanel(data)}${scorePanel(data)}</div>`,
      section(
        'The market',
        'What the model says of bars it was not trained on, up to the newest.',
        renderFigure(candlesFigure(data)),
      ),
      outOfSample(data),
      section(
        'Skill on the held-out tail',
        'Solid: the model. Dashed: the naive number, whose signs are fixed beforehand. Where the solid line does not rise above the dashed one, there is nothing to trade on.',
        row('three', rocFigures(data).map(renderFigure)),
        row('', [renderFigure(confusionFigure(data)), renderFigure(calibrationFigure(data))]),
      ),
      answering(data),
      gate(data),
      section(
        'The label',
        `What was learned: ${manifest.label.name}, and how much of it there is.`,
        labelPanel(data.labels),
      ),
      section(
        'The search',
        'Each trial is one set of parameters, scored over the folds.',
        renderFigure(optimisationHistoryFigure(data)),
        renderFigure(parallelCoordinatesFigure(data)),
      ),
      section(
        'The features',
        `Selection: ${data.selection.case}.`,
        row('', [renderFigure(importanceBeforeFigure(data)), renderFigure(importanceAfterFigure(data))]),
      ),
      section(
        'The run',
        'What went in, what came out, and how long it took.',
        notesPanel(data),
        certificatePanel(data),
        renderFigure(timingsFigure(data)),
        factsPanel(data),
      ),
    ],
    colophon: `Written ${utcMinute(data.createdAt)} by bullpen ${manifest.versions.bullpen}. A statistical statement about past prices, not advice.`,
  })
}

/** The page of the outer steps; a run without them has no out-of-sample score, and is told so. */
function outOfSample({ manifest }: ReportData): Html {
  const record = manifest.outOfSample
  if (record === undefined) {
    return section(
      'Out of sample',
      'This run has no out-of-sample score: it judged one model on one held-out tail. --splits walk-forward judges the whole procedure on later rows as well.',
    )
  }
  return section(
    'Out of sample',
    'What the whole procedure is worth: models made from earlier rows alone, scored on later ones.',
    outOfSamplePanel(record),
    renderFigure(outerStepsFigure(record)),
  )
}

/** Only when calibration or policy were chosen; the diagram before only when calibration changed something. */
function answering(data: ReportData): Html {
  const { calibration } = data.manifest
  if (calibration === undefined) return html``
  return section(
    'Calibration and abstention',
    'Chosen on rows the models of the search had not seen; measured here once on the held-out tail as well.',
    row('', [
      ...(calibration.kind === 'none' ? [] : [renderFigure(uncalibratedFigure(data))]),
      abstentionPanel(calibration),
    ]),
  )
}

function gate({ promotion }: ReportData): Html {
  return section(
    'The gate',
    `${promotion.promoted ? 'Promoted' : 'Not promoted'}: ${promotion.text}.`,
    row('', promotionFigures(promotion.evidence).map(renderFigure)),
  )
}
