import { useState } from 'react'
import { useSession } from '../state/session.tsx'

/** The service answers only those it knows: asks for a key with the scope read, kept for this tab. */
export function KeyForm({ refused }: { readonly refused: string }) {
  const { hasReadKey, setReadKey } = useSession()
  const [typed, setTyped] = useState('')
  return (
    <form
      className="panel empty key-form"
      onSubmit={(event) => {
        event.preventDefault()
        setReadKey(typed.trim())
      }}
    >
      <h2>{hasReadKey ? 'This key does not open the service' : 'The service asks for a key'}</h2>
      <p>{refused} A key with the scope read is enough. It is kept for this tab only.</p>
      <label>
        Read key
        <input
          type="password"
          autoComplete="off"
          required
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
          }}
        />
      </label>
      <button type="submit" className="primary">
        Use this key
      </button>
    </form>
  )
}
