import type { StreamedEvent } from '#client'

/** Something that happened in the service, for people. */
export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'plain' | 'bad'
  readonly title: string
  readonly text: string
}

/** What an event says to people; undefined for those that the page shows by changing, and for unknown ones. */
export function noticeOf(event: StreamedEvent): Omit<Notice, 'id'> | undefined {
  const data = membersOf(event.data)
  const text = (name: string): string => {
    const value = data[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  switch (event.type) {
    case 'model':
      return {
        tone: 'good',
        title: `Version ${text('version')} answers now`,
        text: text('before') === '' ? 'It is the first champion.' : `It replaced version ${text('before')}.`,
      }
    case 'model-refused':
      return {
        tone: 'bad',
        title: `Version ${text('version')} was refused`,
        text: `${text('reason')} The model before it goes on answering.`.trim(),
      }
    case 'rollback':
      return { tone: 'bad', title: `Rolled back to version ${text('to')}`, text: text('reason') }
    case 'stale':
      return data['stale'] === true
        ? { tone: 'bad', title: `${text('symbol')} has gone stale`, text: 'No new closed candle arrives.' }
        : { tone: 'good', title: `${text('symbol')} is fresh again`, text: 'Closed candles arrive.' }
    default:
      return undefined
  }
}

function membersOf(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
