/** Runs `work` over the items, at most `limit` at a time, starting them in order; answers in order. */
export async function atMost<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let place = next++; place < items.length; place = next++) results[place] = await work(items[place]!, place)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return results
}
