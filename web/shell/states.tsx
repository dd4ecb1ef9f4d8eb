import type { ReactNode } from 'react'
import type { ServiceError } from '#client'
import type { Resource } from '../state/use-resource.ts'
import { KeyForm } from './key-form.tsx'

/** A panel while its data is on the way: lines where the words will be. */
export function PanelSkeleton({ label, lines }: { readonly label: string; readonly lines: number }) {
  return (
    <div className="panel skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} className={`line-${i % 4}`} />
      ))}
    </div>
  )
}

/** Nothing there yet: says why, and the command that changes it. */
export function EmptyState(props: { readonly title: string; readonly command?: string; readonly children: ReactNode }) {
  return (
    <div className="panel empty">
      <h2>{props.title}</h2>
      <p>{props.children}</p>
      {props.command !== undefined && (
        <pre tabIndex={0}>
          <code>{props.command}</code>
        </pre>
      )}
    </div>
  )
}

/** A request failed and there is nothing to show instead. */
export function ErrorState({ error, retry }: { readonly error: ServiceError; readonly retry: () => void }) {
  if (error.status === 401) return <KeyForm refused={error.message} />
  return (
    <div className="panel empty is-error" role="alert">
      <h2>{error.message}</h2>
      {error.advice !== '' && <p>{error.advice}</p>}
      <p className="code-line">
        <code>{error.code}</code>
        <button type="button" onClick={retry}>
          Try again
        </button>
      </p>
    </div>
  )
}

/** Data that could not be brought up to date is shown as it was, and says so. */
export function Outdated({ error }: { readonly error: ServiceError | undefined }) {
  if (error === undefined) return null
  return <p className="outdated">Not up to date: {error.message}</p>
}

/** A resource in its three states; `children` draws it once it is there. */
export function Shown<T>(props: {
  readonly resource: Resource<T>
  readonly loading: ReactNode
  readonly children: (data: T) => ReactNode
}) {
  const { data, error, reload } = props.resource
  if (data !== undefined) {
    return (
      <>
        <Outdated error={error} />
        {props.children(data)}
      </>
    )
  }
  return error === undefined ? props.loading : <ErrorState error={error} retry={reload} />
}
