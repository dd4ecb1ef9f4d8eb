/** What a question came to. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false }

/** The answer when it comes within `timeoutMs`; an error, at once or too late, is none. Never rejects. */
export async function answered<T>(ask: () => Promise<T>, timeoutMs: number): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false })
    }, timeoutMs)
  })
  const answer = ask().then(
    (value): Answer<T> => ({ ok: true, value }),
    (): Answer<T> => ({ ok: false }),
  )
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer)
  })
}
