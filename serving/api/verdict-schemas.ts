import { Type } from '@sinclair/typebox'
import {
  text,
  number,
  orNull,
  time,
  symbol,
  timeframe,
  sha256,
  verdictWord,
  perClass,
  refTo,
  pageOf,
} from './shape-pieces.ts'
import { Problem } from './service-schemas.ts'

const verdictFields = {
  symbol: symbol(),
  timeframe: timeframe(),
  verdict: verdictWord(),
  probabilities: perClass('Of each class, in [0, 1], together 1.'),
  candle: Type.Object({
    openTime: time('When it opened.'),
    closeTime: time('When it closed.'),
    close: number('Price.'),
  }),
  model: Type.Object({ version: Type.Integer(), sha256: sha256('the model file') }),
  demoted: Type.Optional(
    Type.Object(
      { reason: text('The metrics beyond their limits.'), since: time('Since when.') },
      { description: 'There when drift has taken the model the right to say buy or sell: the verdict is then hold.' },
    ),
  ),
  dataAgeMs: number('Time since the candle closed.'),
  stale: Type.Boolean({ description: 'No candle has closed for more than two widths.' }),
  computedAt: time('When the verdict was computed.'),
  requestId: text('As in the header x-request-id.'),
}
export const Verdict = Type.Object(verdictFields, { $id: 'Verdict', description: 'The verdict for one closed candle.' })

export const VerdictBatch = Type.Object(
  {
    items: Type.Array(Type.Union([refTo(Verdict), refTo(Problem)]), {
      description: 'In the order asked for; what cannot be answered is a problem in its place.',
    }),
  },
  { $id: 'VerdictBatch' },
)

export const LoggedVerdict = Type.Object(
  {
    id: Type.Integer(),
    symbol: symbol(),
    timeframe: timeframe(),
    verdict: verdictWord(),
    probabilities: perClass('Of each class.'),
    candle: verdictFields.candle,
    model: verdictFields.model,
    computedAt: verdictFields.computedAt,
  },
  { $id: 'LoggedVerdict', description: 'A verdict as it was given.' },
)
export const VerdictPage = pageOf(LoggedVerdict, 'VerdictPage')

export const Explanation = Type.Object(
  {
    ...verdictFields,
    margins: perClass(
      'What the trees add up to: baseline + contributions + rest. Their soft-max are the probabilities before calibration; those above are after it.',
    ),
    baseline: perClass('Margins of the model before it looks at the candle.'),
    contributions: Type.Array(
      Type.Object({
        column: Type.String(),
        value: orNull(Type.Number()),
        sell: Type.Number(),
        hold: Type.Number(),
        buy: Type.Number(),
      }),
      { description: 'Exact TreeSHAP: what each column adds to the margins; the ten that move the verdict most.' },
    ),
    rest: perClass('What all other columns add.'),
    words: Type.Array(Type.String()),
    flip: orNull(Type.Object({ close: Type.Number(), verdict: verdictWord(), changePct: Type.Number() })),
  },
  { $id: 'Explanation', description: 'Why the verdict is what it is, and the nearest close that would change it.' },
)

export const Equity = Type.Object(
  {
    points: Type.Array(Type.Object({ time: time('When.'), strategy: Type.Number(), buyAndHold: Type.Number() })),
    feesBps: number('Paid on each change of position, basis points.'),
  },
  { $id: 'Equity', description: 'Following the logged verdicts after fees, beside buy-and-hold; both begin at 1.' },
)
