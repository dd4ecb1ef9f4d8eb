import type { FastifyReply } from 'fastify'
import { formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { AliasMove, ModelVersion } from '#core/registry'
import { Promotion, Rollback, VersionPath } from '../api/requests.ts'
import { AliasMove as AliasMoveShape, ModelDetail, ModelList } from '../api/schemas.ts'
import { limits } from '../app/limits.ts'
import type { AppOptions } from '../app/app-options.ts'
import { answers, answersText, type ServiceApp } from '../app/route.ts'
import { isoTime } from './iso-time.ts'

const handlerTimeout = limits.handlerMs
const reads = { config: { scope: 'read' }, handlerTimeout } as const
const rules = { config: { scope: 'admin' }, handlerTimeout } as const
const tags = ['models']

/** `GET /v1/models`, one version, its report, and moving the alias that answers. */
export function addModelRoutes(app: ServiceApp, { parts, settings }: AppOptions): void {
  const { registry, reports } = parts
  const { alias } = settings

  app.get(
    '/v1/models',
    {
      ...reads,
      schema: {
        tags,
        summary: 'Every version, and who answered when',
        operationId: 'listModels',
        response: answers(ModelList),
      },
    },
    async () => {
      const [versions, aliases, history] = await Promise.all([
        registry.list(),
        registry.aliases(),
        registry.history(alias),
      ])
      return {
        items: versions.map((version) => modelDocument(version, aliases)),
        champion: aliases[alias] ?? null,
        history: history.map(moveDocument),
      }
    },
  )

  app.get(
    '/v1/models/:version',
    {
      ...reads,
      schema: {
        tags,
        summary: 'One version with its manifest',
        operationId: 'getModel',
        params: VersionPath,
        response: answers(ModelDetail),
      },
    },
    async ({ params }) => {
      const [version, aliases] = await Promise.all([registry.get(params.version), registry.aliases()])
      return { ...modelDocument(version, aliases), manifest: { ...version.manifest } }
    },
  )

  app.get(
    '/v1/models/:version/report',
    {
      ...reads,
      schema: {
        tags,
        summary: "The report of the version's run",
        operationId: 'getReport',
        params: VersionPath,
        response: answersText('text/html', 'One page without scripts.'),
      },
    },
    async ({ params }, reply) => {
      const { manifest, version } = await registry.get(params.version)
      const html = await reports.htmlOf(manifest.runId)
      if (html === undefined) throw new BullpenError('REPORT_NOT_FOUND', { version })
      // Inline style only; whatever else the page might hold, no browser runs it.
      void reply.header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
      )
      return (reply as FastifyReply).type('text/html; charset=utf-8').send(html)
    },
  )

  app.post(
    '/v1/models/:version/promote',
    {
      ...rules,
      schema: {
        tags,
        summary: 'Let a version answer',
        operationId: 'promoteModel',
        params: VersionPath,
        body: Promotion,
        response: answers(AliasMoveShape),
      },
    },
    async ({ params, body, holder }) => {
      const { reason, override = false } = body
      const options = override ? { override: { reason, by: `key ${holder?.id ?? 'none'}` } } : {}
      return moveDocument(await registry.moveAlias(alias, params.version, reason, options))
    },
  )

  app.post(
    '/v1/models/rollback',
    {
      ...rules,
      schema: {
        tags,
        summary: 'Let the version before answer again',
        operationId: 'rollbackModel',
        body: Rollback,
        response: answers(AliasMoveShape),
      },
    },
    async ({ body }) => moveDocument(await registry.rollback(alias, body.reason, body.from)),
  )
}

function modelDocument({ version, createdAt, manifest }: ModelVersion, aliases: Readonly<Record<string, number>>) {
  const { data, model, heldOut, crossValidation, runId } = manifest
  return {
    version,
    createdAt: isoTime(createdAt),
    symbol: data.symbol,
    timeframe: formatTimeframe(data.widthMs),
    sha256: model.sha256,
    metrics: { heldOut, crossValidation },
    aliases: Object.keys(aliases).filter((name) => aliases[name] === version),
    runId,
  }
}

function moveDocument({ alias, version, kind, at, reason }: AliasMove) {
  return { alias, version, kind, at: isoTime(at), reason }
}
