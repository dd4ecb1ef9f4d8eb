import { useEffect, useRef, type ReactNode } from 'react'

/** A modal dialog: the browser keeps the focus inside, closes it with Escape and gives the focus back. */
export function Dialog(props: {
  readonly title: string
  readonly className?: string
  readonly close: () => void
  readonly children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current!
    shown.showModal()
    return () => {
      shown.close()
    }
  }, [])
  return (
    <dialog ref={dialog} className={props.className} aria-labelledby="dialog-title" onCancel={props.close}>
      <div className="panel-head">
        <h2 id="dialog-title">{props.title}</h2>
        <button type="button" className="quiet" aria-label="Close" onClick={props.close}>
          ×
        </button>
      </div>
      {props.children}
    </dialog>
  )
}
