import { useLive } from '../state/live.tsx'
import { useNow } from '../state/use-now.ts'
import { duration } from '../words/times.ts'

/** Whether events arrive: a shape, a colour and a word. */
export function ConnectionState() {
  const { connection } = useLive()
  return (
    <p className={`connection is-${connection.state}`} role="status">
      <i aria-hidden="true" />
      {connection.state === 'live' && 'Live'}
      {connection.state === 'connecting' && 'Connecting'}
      {connection.state === 'refused' && 'Key needed'}
      {connection.state === 'waiting' && (
        <>
          Cut off
          <Countdown until={connection.retryAt} />
        </>
      )}
    </p>
  )
}

/** Not announced each second: only the change of state is. */
function Countdown({ until }: { readonly until: number }) {
  const now = useNow()
  return <span aria-hidden="true">, again in {duration(until - now)}</span>
}
