import { SeriesQuery } from '../api/requests.ts'
import { Explanation } from '../api/schemas.ts'
import type { AppOptions } from '../app/app-options.ts'
import { answers, type ServiceApp } from '../app/route.ts'
import { seriesOf } from './series-of.ts'
import { verdictDocument } from './verdict-text.ts'

/** `GET /v1/verdict/explain`. */
export function addExplainRoute(app: ServiceApp, { parts }: AppOptions): void {
  const { explainer, now } = parts
  app.get(
    '/v1/verdict/explain',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['verdicts'],
        summary: 'Why the verdict is what it is, and what would change it',
        operationId: 'explainVerdict',
        querystring: SeriesQuery,
        response: answers(Explanation),
      },
    },
    (request) => {
      const { given, margins, baseline, contributions, rest, words, flip } = explainer.explain(
        seriesOf(request.query, parts),
      )
      return {
        ...verdictDocument(given, request.id, now()),
        margins,
        baseline,
        contributions: contributions.map(({ column, value, margins: added }) => ({
          column,
          // A feature that is not defined has no JSON but null.
          value: Number.isFinite(value) ? value : null,
          ...added,
        })),
        rest,
        words: [...words],
        flip,
      }
    },
  )
}
