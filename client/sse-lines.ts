/** One event of a stream (WHATWG HTML, section 9.2); `id` is that of the last event that had one. */
export interface StreamedEvent {
  readonly id: string
  readonly type: string
  readonly data: string
}

/**
 * Cuts chunks of a text/event-stream into its events; keeps what is unfinished until the next chunk. Read with fetch
 * rather than EventSource, which cannot send the header that carries the key.
 */
export class SseLines {
  #rest = ''
  #id = ''
  #type = ''
  #data: string[] = []

  /** The events that this chunk completes. A chunk without any, such as a keep-alive comment, gives none. */
  push(chunk: string): StreamedEvent[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n/)
    this.#rest = lines.pop()!
    return lines.flatMap((line) => this.#take(line))
  }

  #take(line: string): StreamedEvent[] {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') this.#id = value
    if (field === 'event') this.#type = value
    if (field === 'data') this.#data.push(value)
    return []
  }

  #dispatch(): StreamedEvent[] {
    const event = { id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') }
    this.#type = ''
    this.#data = []
    return event.data === '' ? [] : [event]
  }
}
