import { within } from '#platform/attempts'

/** What a question came to. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false }

/** The answer when it comes within `timeoutMs`; an error, at once or too late, is none. Never rejects. */
export function answered<T>(ask: () => Promise<T>, timeoutMs: number): Promise<Answer<T>> {
  const none = (): Answer<T> => ({ ok: false })
  const answer = ask().then((value): Answer<T> => ({ ok: true, value }), none)
  return within(answer, timeoutMs, none)
}
