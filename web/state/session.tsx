import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { Service } from '../api/service.ts'
import { readKeyItem } from './read-key-item.ts'

/** Who the reader is to the service. Keys live as long as the tab (read) or the page (admin), never on disk. */
interface Session {
  readonly service: Service
  readonly hasReadKey: boolean
  readonly setReadKey: (key: string) => void
  readonly adminKey: string
  readonly setAdminKey: (key: string) => void
}

const SessionContext = createContext<Session | null>(null)

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [readKey, keepReadKey] = useState(() => sessionStorage.getItem(readKeyItem) ?? '')
  const [adminKey, setAdminKey] = useState('')
  const setReadKey = useCallback((key: string) => {
    if (key === '') sessionStorage.removeItem(readKeyItem)
    else sessionStorage.setItem(readKeyItem, key)
    keepReadKey(key)
  }, [])
  const session = useMemo(
    () => ({ service: new Service(readKey), hasReadKey: readKey !== '', setReadKey, adminKey, setAdminKey }),
    [readKey, setReadKey, adminKey],
  )
  return <SessionContext value={session}>{children}</SessionContext>
}

export function useSession(): Session {
  const session = use(SessionContext)
  if (session === null) throw new Error('useSession is used outside SessionProvider')
  return session
}
