import { useMemo } from 'react'
import type { ModelList } from '#client'
import { Panel } from '../../shell/panel.tsx'
import { day, duration, minute } from '../../words/times.ts'
import { reignsOf, type Reign } from './reigns.ts'

const rowsShown = 6

interface ChampionTimelineProps {
  readonly models: ModelList
  /** The version the service has loaded, which stays the old one while it refuses the champion; null when unknown. */
  readonly answering: number | null
  readonly rollback: (from: number) => void
}

/** Who was champion when: a band to look at, and the same as a list to read. */
export function ChampionTimeline(props: ChampionTimelineProps) {
  const { models, answering } = props
  const reigns = useMemo(() => reignsOf(models.history, Date.now()), [models])
  const current = reigns.at(-1)
  return (
    <Panel
      title={models.champion === null ? 'No version is champion' : `Version ${models.champion} is champion`}
      aside={current !== undefined && current.version !== null ? `since ${minute(current.from)}` : undefined}
    >
      {answering !== null && models.champion !== null && answering !== models.champion && (
        <p className="outdated">
          Version {answering} still answers: the service has not taken version {models.champion}, or has refused it.
        </p>
      )}
      {reigns.length === 0 ? (
        <p className="aside">The alias champion was never set. Promote a version below.</p>
      ) : (
        <>
          <Band reigns={reigns} />
          <ol className="reigns">
            {reigns
              .slice(-rowsShown)
              .reverse()
              .map((reign) => (
                <ReignRow key={reign.from} reign={reign} />
              ))}
          </ol>
        </>
      )}
      <p className="timeline-actions">
        <button
          type="button"
          disabled={reigns.length < 2 || models.champion === null}
          onClick={() => {
            if (models.champion !== null) props.rollback(models.champion)
          }}
        >
          Roll back…
        </button>
        <span className="aside">
          {reigns.length < 2 ? 'There is no earlier champion to go back to.' : 'Goes back to the champion before.'}
        </span>
      </p>
    </Panel>
  )
}

/** Widths are shares of time, with a floor so that a short reign can still be seen. */
function Band({ reigns }: { readonly reigns: readonly Reign[] }) {
  const whole = reigns.at(-1)!.to - reigns[0]!.from
  return (
    <div aria-hidden="true">
      <div className="band">
        {reigns.map((reign) => (
          <i
            key={reign.from}
            className={`${reign.lasts ? 'is-current' : ''} ${reign.kind === 'rollback' ? 'is-rollback' : ''}`}
            style={{ flexGrow: Math.max(0.03, (reign.to - reign.from) / Math.max(1, whole)) }}
            title={`version ${reign.version ?? 'none'}`}
          >
            {reign.version === null ? '–' : `v${reign.version}`}
          </i>
        ))}
      </div>
      <p className="band-ends">
        <span>{day(reigns[0]!.from)}</span>
        <span>now</span>
      </p>
    </div>
  )
}

function ReignRow({ reign }: { readonly reign: Reign }) {
  return (
    <li>
      <time dateTime={new Date(reign.from).toISOString()}>{minute(reign.from)}</time>
      <strong>{reign.version === null ? 'no champion' : `version ${reign.version}`}</strong>
      <span className="reign-length">{duration(reign.to - reign.from)}</span>
      <span className="reign-reason">
        {reign.kind === 'rollback' && <span className="chip is-bad">rollback</span>} {reign.reason}
      </span>
    </li>
  )
}
