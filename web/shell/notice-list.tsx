import { useEffect } from 'react'
import type { Notice } from '../state/notices.ts'
import { useLive } from '../state/live.tsx'

/** Good and plain news leaves by itself; what went wrong stays until it is dismissed. */
const shownMs = 15_000

const glyphs: Readonly<Record<Notice['tone'], string>> = { good: '✓', plain: 'i', bad: '!' }

/** What just happened, in a corner, told to screen readers without taking the focus. */
export function NoticeList() {
  const { notices, dismiss } = useLive()
  return (
    <section className="notices" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} dismiss={dismiss} />
      ))}
    </section>
  )
}

function NoticeCard({ notice, dismiss }: { readonly notice: Notice; readonly dismiss: (id: number) => void }) {
  const { id, tone, title, text } = notice
  useEffect(() => {
    if (tone === 'bad') return
    const timer = setTimeout(() => {
      dismiss(id)
    }, shownMs)
    return () => {
      clearTimeout(timer)
    }
  }, [id, tone, dismiss])
  return (
    <div className={`notice is-${tone}`}>
      <span className="notice-glyph" aria-hidden="true">
        {glyphs[tone]}
      </span>
      <p>
        <strong>{title}</strong>
        {text !== '' && <span>{text}</span>}
      </p>
      <button
        type="button"
        className="quiet"
        aria-label={`Dismiss: ${title}`}
        onClick={() => {
          dismiss(id)
        }}
      >
        ×
      </button>
    </div>
  )
}
