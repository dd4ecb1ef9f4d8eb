import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
// Types only: declares `schema.hide`.
import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { BullpenError } from '#core/errors'
import { headersOf } from './content-security.ts'

export interface PagesOptions {
  /** Folder that `npm run build:web` fills; by default the one beside the compiled service. */
  readonly folder?: string
}

const builtFolder = fileURLToPath(new URL('../static', import.meta.url))

/**
 * Serves the dashboard at `/`: a route for each built file, nothing else, so that unknown paths stay the service's own
 * 404. Without a built page `/` answers PAGE_NOT_BUILT and everything else works.
 */
export async function pages(app: FastifyInstance, { folder = builtFolder }: PagesOptions): Promise<void> {
  if (!existsSync(`${folder}/index.html`)) {
    app.get('/', { schema: { hide: true } }, () => {
      throw new BullpenError('PAGE_NOT_BUILT')
    })
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    schemaHide: true,
    // Set by headersOf, for each kind of file its own.
    cacheControl: false,
    setHeaders: (reply, path) => {
      void reply.headers({ ...headersOf(path) })
    },
  })
}
