import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'

/**
 * Helmet's headers for answers that no page is made of. They never change, so they are computed once and set in one go:
 * Helmet itself would build and set each of them with every request. Strict-Transport-Security is left to whoever ends TLS.
 */
export async function setSecurityHeaders(app: FastifyInstance): Promise<void> {
  const headers = Object.freeze(await helmetHeaders())
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id)
    done()
  })
}

async function helmetHeaders(): Promise<Record<string, string>> {
  const probe = fastify()
  await probe.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    // Of windows, which answers do not open.
    crossOriginOpenerPolicy: false,
    strictTransportSecurity: false,
    // Of Internet Explorer and Flash.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    xDnsPrefetchControl: false,
    originAgentCluster: false,
  })
  probe.get('/', (_, reply) => reply.send())
  const { headers } = await probe.inject('/')
  await probe.close()
  const own = ['content-length', 'date', 'connection', 'vary']
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.includes(name) ? [] : [[name, String(value)]])),
  )
}
