import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { namedShapes } from '../api/schemas.ts'

const description = `Verdicts of a model on closed candles: buy, hold or sell.

Times are ISO 8601 in UTC; times of candles are their open times. Errors are problem documents (RFC 9457) with a code
of docs/errors.md. Keys go into \`Authorization: Bearer KEY\`.`

/** What the pages of the documentation may do: show themselves and ask this service for the document. */
const pagePolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** Describes the routes that are registered after it: the document at /openapi.json, pages for people at /docs. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  for (const shape of namedShapes) app.addSchema(shape)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'bullpen', version, description },
      tags: [
        { name: 'verdicts', description: 'What to do, and why.' },
        { name: 'candles', description: 'What verdicts are computed from.' },
        { name: 'models', description: 'Who answers.' },
        { name: 'training', description: 'Runs and the hosts they run on.' },
        { name: 'service', description: 'Is it well?' },
      ],
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'bullpen keys create' } },
      },
    },
    refResolver: {
      buildLocalReference: (schema, _, __, i) => (typeof schema['$id'] === 'string' ? schema['$id'] : `shape-${i}`),
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: Object.entries(pagePolicy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    uiConfig: { deepLinking: true, tryItOutEnabled: false },
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { scope: 'open' } }, () => app.swagger())
}
