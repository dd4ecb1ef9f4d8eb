import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { followEvents, type Connection } from '../api/event-stream.ts'
import type { StreamedEvent } from '#client'
import { noticeOf, type Notice } from './notices.ts'
import { useSession } from './session.tsx'

/** What the stream of events does to the page. */
interface Live {
  readonly connection: Connection
  readonly notices: readonly Notice[]
  readonly notify: (notice: Omit<Notice, 'id'>) => void
  readonly dismiss: (id: number) => void
  /** Counts up when a verdict was given, a series changed or the connection came back. */
  readonly verdictRevision: number
  /** Counts up when a model was swapped, refused or rolled back or the connection came back. */
  readonly modelRevision: number
}

const LiveContext = createContext<Live | null>(null)
const mostNotices = 4

/** Follows the events of the service for all views. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { service } = useSession()
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' })
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const [verdictRevision, setVerdictRevision] = useState(0)
  const [modelRevision, setModelRevision] = useState(0)
  const nextId = useRef(1)

  const notify = useCallback((notice: Omit<Notice, 'id'>) => {
    const id = nextId.current++
    setNotices((shown) => [...shown, { ...notice, id }].slice(-mostNotices))
  }, [])
  const dismiss = useCallback((id: number) => {
    setNotices((shown) => shown.filter((notice) => notice.id !== id))
  }, [])

  useEffect(() => {
    const onEvent = (event: StreamedEvent): void => {
      setVerdictRevision((n) => n + 1)
      if (event.type !== 'verdict' && event.type !== 'stale') setModelRevision((n) => n + 1)
      const notice = noticeOf(event)
      if (notice !== undefined) notify(notice)
    }
    let wasCutOff = false
    const onConnection = (now: Connection): void => {
      setConnection(now)
      if (now.state === 'waiting') wasCutOff = true
      if (now.state !== 'live' || !wasCutOff) return
      // The service keeps a bounded number of events: after a gap everything is asked for anew.
      wasCutOff = false
      setVerdictRevision((n) => n + 1)
      setModelRevision((n) => n + 1)
    }
    return followEvents(service, { onEvent, onConnection })
  }, [service, notify])

  const live = useMemo(
    () => ({ connection, notices, notify, dismiss, verdictRevision, modelRevision }),
    [connection, notices, notify, dismiss, verdictRevision, modelRevision],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}

export function useLive(): Live {
  const live = use(LiveContext)
  if (live === null) throw new Error('useLive is used outside LiveProvider')
  return live
}
