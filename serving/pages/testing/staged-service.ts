import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { pages } from '../pages.ts'
import { stagedAnswers } from './staged-answers.ts'

/** A status and a problem document instead of an answer. */
export interface StagedProblem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly advice?: string
}

/**
 * The page in front of answers that a test lays out: for the states that a healthy service cannot be brought into at
 * will (nothing there, refused, failing, slow, cut off). What a healthy one shows is tested with the service itself.
 */
export class StagedService {
  readonly answers = stagedAnswers()
  readonly problems = new Map<string, StagedProblem>()
  /** Paths that are never answered. */
  readonly silent = new Set<string>()
  /** When set, reading needs this key. */
  readKey = ''
  readonly #app: FastifyInstance = fastify({ forceCloseConnections: true })
  readonly #streams = new Set<FastifyReply>()
  #eventId = 0

  /** Listens on a free port of 127.0.0.1; answers its address. */
  async start(): Promise<string> {
    await this.#app.register(pages)
    this.#app.get('/v1/events', (request, reply) => {
      if (!this.#mayRead(request.headers.authorization)) return this.#refuse(reply)
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      reply.raw.write(': here\n\n')
      this.#streams.add(reply)
      reply.raw.on('close', () => this.#streams.delete(reply))
    })
    this.#app.get('/v1/*', (request, reply) => {
      const path = decodeURIComponent(request.url.split('?')[0]!)
      if (!this.#mayRead(request.headers.authorization)) return this.#refuse(reply)
      if (this.silent.has(path)) return reply.hijack()
      const problem = this.problems.get(path)
      if (problem !== undefined) return sendProblem(reply, problem)
      const answer = this.answers[path]
      if (answer === undefined) return sendProblem(reply, { status: 404, code: 'NOT_STAGED', detail: path })
      return reply.send(answer)
    })
    return this.#app.listen({ host: '127.0.0.1', port: 0 })
  }

  /** Sends an event to every open stream. */
  emit(type: string, data: unknown): void {
    this.#eventId += 1
    const text = `id: ${this.#eventId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
    for (const stream of this.#streams) stream.raw.write(text)
  }

  /** Cuts every open stream off. */
  cutOff(): void {
    for (const stream of this.#streams) stream.raw.destroy()
  }

  async stop(): Promise<void> {
    this.cutOff()
    await this.#app.close()
  }

  #mayRead(authorization: string | undefined): boolean {
    return this.readKey === '' || authorization === `Bearer ${this.readKey}`
  }

  #refuse(reply: FastifyReply): FastifyReply {
    return sendProblem(reply, { status: 401, code: 'UNAUTHORIZED', detail: 'A key is needed here.' })
  }
}

function sendProblem(reply: FastifyReply, problem: StagedProblem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').send(problem)
}
