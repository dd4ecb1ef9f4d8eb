import { useId, type ReactNode } from 'react'

/** A titled part of the page. */
export function Panel(props: {
  readonly title: string
  readonly aside?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}) {
  const heading = useId()
  return (
    <section className={`panel ${props.className ?? ''}`} aria-labelledby={heading}>
      <div className="panel-head">
        <h2 id={heading}>{props.title}</h2>
        {props.aside !== undefined && <div className="aside">{props.aside}</div>}
      </div>
      {props.children}
    </section>
  )
}
