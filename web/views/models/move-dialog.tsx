import { useState, type SyntheticEvent } from 'react'
import type { Model, ServiceError } from '#client'
import { serviceErrorOf } from '../../api/service.ts'
import { Dialog } from '../../shell/dialog.tsx'
import { useLive } from '../../state/live.tsx'
import { useSession } from '../../state/session.tsx'
import { four, signed } from '../../words/numbers.ts'

/** What the reader means to do to the champion. */
export type Move =
  { readonly kind: 'promote'; readonly model: Model } | { readonly kind: 'rollback'; readonly from: number }

interface MoveDialogProps {
  readonly move: Move
  readonly champion: Model | undefined
  readonly close: (moved: boolean) => void
}

/** Asks once more, for a reason that goes into the history, and for the key that allows it. */
export function MoveDialog({ move, champion, close }: MoveDialogProps) {
  const { service, adminKey, setAdminKey } = useSession()
  const { notify } = useLive()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<ServiceError | null>(null)
  const [override, setOverride] = useState(false)
  const [waiting, setWaiting] = useState(false)
  const isPromotion = move.kind === 'promote'
  const title = isPromotion ? `Promote version ${move.model.version}` : 'Roll back the champion'

  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    setWaiting(true)
    setProblem(null)
    try {
      if (move.kind === 'promote') await service.promote(move.model.version, reason.trim(), override, adminKey)
      else await service.rollback(move.from, reason.trim(), adminKey)
      notify({
        tone: 'plain',
        title: isPromotion ? `Version ${move.model.version} was promoted` : 'The champion was rolled back',
        text: 'The service checks the model and then swaps it in.',
      })
      close(true)
    } catch (error) {
      setProblem(serviceErrorOf(error))
      setWaiting(false)
    }
  }

  return (
    <Dialog
      title={title}
      className="move-dialog"
      close={() => {
        close(false)
      }}
    >
      <form onSubmit={(event) => void submit(event)}>
        {isPromotion ? <Comparison candidate={move.model} champion={champion} /> : <RollbackWords from={move.from} />}
        <label>
          Reason, for the history
          <input
            autoFocus
            required
            maxLength={200}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value)
            }}
          />
        </label>
        <label>
          Admin key
          <input
            type="password"
            autoComplete="off"
            required
            value={adminKey}
            onChange={(event) => {
              setAdminKey(event.target.value)
            }}
          />
          <span className="hint">Kept until this page is closed or loaded anew, never stored.</span>
        </label>
        {problem !== null && (
          <p className="form-problem" role="alert">
            <strong>{problem.message}</strong> {problem.advice}
          </p>
        )}
        {problem?.code === 'PROMOTION_REFUSED' && (
          <label className="override">
            <input
              type="checkbox"
              checked={override}
              onChange={(event) => {
                setOverride(event.target.checked)
              }}
            />
            Promote it against the gate. The reason and the key stay in the history.
          </label>
        )}
        <p className="form-actions">
          <button
            type="button"
            onClick={() => {
              close(false)
            }}
          >
            Cancel
          </button>
          <button type="submit" className="primary" disabled={waiting}>
            {waiting ? 'Asking…' : title}
          </button>
        </p>
      </form>
    </Dialog>
  )
}

/** The candidate beside the champion: a promotion is a claim that it is better. */
function Comparison({ candidate, champion }: { readonly candidate: Model; readonly champion: Model | undefined }) {
  if (champion === undefined) return <p>Nothing answers now. This version becomes the champion.</p>
  const candidateLift = candidate.metrics.heldOut.lift
  const championLift = champion.metrics.heldOut.lift
  return (
    <>
      <dl className="facts">
        <dt>Lift of version {candidate.version}</dt>
        <dd>
          {signed(candidateLift)} (AUC {four(candidate.metrics.heldOut.rocAucOvrWeighted)})
        </dd>
        <dt>Lift of version {champion.version}, champion</dt>
        <dd>
          {signed(championLift)} (AUC {four(champion.metrics.heldOut.rocAucOvrWeighted)})
        </dd>
        <dt>Difference</dt>
        <dd className={candidateLift < championLift ? 'sell' : undefined}>{signed(candidateLift - championLift)}</dd>
      </dl>
      {candidateLift < championLift && (
        <p className="form-problem">On its held-out bars this version lifts less than the champion does on its own.</p>
      )}
    </>
  )
}

function RollbackWords({ from }: { readonly from: number }) {
  return (
    <p>
      The version that was champion before version {from} answers again. Rolling back once more goes one version further
      back.
    </p>
  )
}
