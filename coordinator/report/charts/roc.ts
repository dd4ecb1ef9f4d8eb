import { classColumn, naiveScores, positivesOf, rocAuc, rocCurve, type RocPoint } from '#core/evaluation'
import { verdicts, type Verdict } from '#core/verdict'
import type { ReportData } from '../report-data.ts'
import { paint, verdictMarks, type Token } from '../tokens.ts'
import { count } from '../../counted.ts'
import { four, signed } from '../wording.ts'
import type { Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'
import { diagonal, shareAxis } from './unit-square.ts'

/** Points kept of a curve: finer steps are below a pixel at the size drawn. */
const steps = 240

/** ROC of each class against the rest on the held-out bars, beside the curve of the naive number. */
export function rocFigures({ heldOut }: ReportData): Figure[] {
  return verdicts.map((verdict, c) => {
    const positives = positivesOf(heldOut.target, c)
    const model = classColumn(heldOut.probabilities, c)
    const naive = naiveScores(heldOut.naive, c)
    const modelAuc = rocAuc(model, positives)
    const naiveAuc = rocAuc(naive, positives)
    const support = positives.reduce((sum, positive) => sum + positive, 0)
    return {
      id: `roc-${verdict}`,
      title: `${verdictMarks[verdict].glyph} ${verdict} against the rest`,
      summary:
        `ROC curve of ${verdict} against the rest on ${count(positives.length)} held-out bars, ${count(support)} of them ${verdict}: ` +
        `area ${four(modelAuc)} for the model, ${four(naiveAuc)} for the naive number, a difference of ${signed(modelAuc - naiveAuc)}.`,
      caption: `${count(support)} of ${count(positives.length)} bars are ${verdict}. Difference of areas ${signed(modelAuc - naiveAuc)}.`,
      wide: { width: 360, height: 350 },
      narrow: { width: 360, height: 350 },
      legend: [
        { shape: 'line', color: curveColor(verdict), text: `model, AUC ${four(modelAuc)}` },
        { shape: 'dashed', color: 'muted', text: `naive, AUC ${four(naiveAuc)}` },
      ],
      draw: () => draw(paint[curveColor(verdict)], rocCurve(model, positives), rocCurve(naive, positives)),
    }
  })
}

function curveColor(verdict: Verdict): Token {
  return verdict === 'hold' ? 'accent' : verdict
}

function draw(color: string, model: readonly RocPoint[], naive: readonly RocPoint[]): ChartOption {
  const line = (points: readonly RocPoint[], lineColor: string, width: number, type: 'solid' | 'dashed') => ({
    type: 'line' as const,
    data: thinned(points),
    symbol: 'none',
    lineStyle: { color: lineColor, width, type },
  })
  return {
    grid: { left: 48, right: 12, top: 10, bottom: 44 },
    xAxis: { ...shareAxis, name: 'false positive rate', nameGap: 26 },
    yAxis: { ...shareAxis, name: 'true positive rate', nameGap: 34 },
    series: [diagonal, line(naive, paint.muted, 1.5, 'dashed'), line(model, color, 2.25, 'solid')],
  }
}

function thinned(points: readonly RocPoint[]): number[][] {
  let x = -1
  let y = -1
  return points.flatMap((point, i) => {
    const near = point.falsePositiveRate - x < 1 / steps && point.truePositiveRate - y < 1 / steps
    if (near && i < points.length - 1) return []
    x = point.falsePositiveRate
    y = point.truePositiveRate
    return [[Number(x.toFixed(5)), Number(y.toFixed(5))]]
  })
}
