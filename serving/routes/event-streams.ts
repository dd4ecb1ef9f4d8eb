import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { BullpenError } from '#core/errors'
import { limits } from '../app/limits.ts'
import type { HubEntry, ServiceEvents } from '../events/service-events.ts'
import { eventText } from './event-text.ts'

/**
 * Clients that listen to events. Every event is written out once, whoever listens. What a client does not read waits in
 * its connection up to a limit, then the client is dropped: it may come back and say what it heard last.
 */
export class EventStreams {
  private readonly events: Pick<ServiceEvents, 'follow' | 'after'>
  private readonly clients = new Set<ServerResponse>()
  private readonly stop: () => void
  private readonly heartbeat: NodeJS.Timeout
  private isClosed = false

  constructor(events: Pick<ServiceEvents, 'follow' | 'after'>, heartbeatMs: number = limits.heartbeatMs) {
    this.events = events
    this.stop = events.follow((entry) => {
      this.tellAll(eventText(entry))
    })
    this.heartbeat = setInterval(() => {
      this.tellAll(': alive\n\n')
    }, heartbeatMs)
    this.heartbeat.unref()
  }

  get size(): number {
    return this.clients.size
  }

  /** Throws TOO_MANY_LISTENERS, NOT_READY once closed. */
  requireRoom(): void {
    if (this.isClosed) throw new BullpenError('NOT_READY', { reason: 'it is shutting down' })
    if (this.clients.size >= limits.listeners) throw new BullpenError('TOO_MANY_LISTENERS', { limit: limits.listeners })
  }

  /** Streams to this client from now on, and before that what it missed since the event of id `lastId`. */
  add(response: ServerResponse, headers: OutgoingHttpHeaders, lastId: string | undefined): void {
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // A stream ends with its connection: kept alive, it would keep the service from closing.
      connection: 'close',
      // So that nginx passes events on as they come.
      'x-accel-buffering': 'no',
    })
    response.on('close', () => {
      this.clients.delete(response)
    })
    response.on('error', () => {
      this.clients.delete(response)
    })
    this.clients.add(response)
    const missed = lastId === undefined ? [] : this.events.after(lastId)
    this.tell(response, `retry: 2000\n\n${missed.map((entry: HubEntry) => eventText(entry)).join('')}`)
  }

  /** Ends every stream; clients come back to another replica by themselves. */
  close(): void {
    this.isClosed = true
    this.stop()
    clearInterval(this.heartbeat)
    for (const client of this.clients) client.end()
    this.clients.clear()
  }

  private tellAll(text: string): void {
    for (const client of [...this.clients]) this.tell(client, text)
  }

  private tell(client: ServerResponse, text: string): void {
    client.write(text)
    if (client.writableLength <= limits.listenerBytes) return
    this.clients.delete(client)
    client.destroy()
  }
}
