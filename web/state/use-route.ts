import { useEffect, useState } from 'react'

export const views = ['now', 'models', 'runs'] as const
export type View = (typeof views)[number]

/** Where the reader is: `#/runs/2026-01-31-a1b2` or `#/now?series=BTC/USDT@4h`. */
export interface Route {
  readonly view: View
  /** What follows the view, decoded; empty without. */
  readonly detail: string
  readonly series: string
}

function readRoute(): Route {
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?')
  const [view = '', ...rest] = path.split('/')
  return {
    view: views.find((known) => known === view) ?? 'now',
    detail: decodeURIComponent(rest.join('/')),
    series: new URLSearchParams(search).get('series') ?? '',
  }
}

/** The hash of a place; the series is kept across views. */
export function hashOf(view: View, series: string, detail = ''): string {
  const place = detail === '' ? view : `${view}/${encodeURIComponent(detail)}`
  return `#/${place}${series === '' ? '' : `?series=${encodeURIComponent(series)}`}`
}

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute)
  useEffect(() => {
    const follow = (): void => {
      setRoute(readRoute())
    }
    window.addEventListener('hashchange', follow)
    return () => {
      window.removeEventListener('hashchange', follow)
    }
  }, [])
  return route
}
