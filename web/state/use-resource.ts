import { useCallback, useEffect, useRef, useState } from 'react'
import type { ServiceError } from '#client'
import { serviceErrorOf } from '../api/service.ts'
import { useSession } from './session.tsx'

/** Something asked of the service. Once there, data stays while it is asked for again, whatever comes of that. */
export interface Resource<T> {
  readonly data: T | undefined
  /** Why the newest request failed; undefined once one succeeds. */
  readonly error: ServiceError | undefined
  readonly reload: () => void
}

export interface Refreshing {
  /** Asks again whenever this number changes. */
  readonly revision?: number
  /** Asks again this often while the page is visible; 0 for never. */
  readonly everyMs?: number
}

interface Answer<T> {
  readonly name: string
  readonly data?: T
  readonly error?: ServiceError
}

/**
 * Asks the service and keeps the answer. `name` says what is asked for: with another name the old answer is dropped at
 * once, and an answer that arrives for an earlier name is never shown. With another key it is asked anew.
 */
export function useResource<T>(name: string, load: () => Promise<T>, refreshing: Refreshing = {}): Resource<T> {
  const { revision = 0, everyMs = 0 } = refreshing
  const { service } = useSession()
  const [answer, setAnswer] = useState<Answer<T>>({ name })
  const [asked, setAsked] = useState(0)
  const newestLoad = useRef(load)
  useEffect(() => {
    newestLoad.current = load
  })
  const reload = useCallback(() => {
    setAsked((times) => times + 1)
  }, [])

  useEffect(() => {
    let outdated = false
    newestLoad.current().then(
      (data) => {
        if (!outdated) setAnswer({ name, data })
      },
      (error: unknown) => {
        if (outdated) return
        const told = serviceErrorOf(error)
        setAnswer((before) => (before.name === name ? { ...before, error: told } : { name, error: told }))
      },
    )
    return () => {
      outdated = true
    }
  }, [service, name, revision, asked])

  useEffect(() => {
    if (everyMs === 0) return
    const timer = setInterval(() => {
      if (!document.hidden) reload()
    }, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [everyMs, reload])

  const current = answer.name === name ? answer : undefined
  return { data: current?.data, error: current?.error, reload }
}
