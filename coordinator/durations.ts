/** A duration as people read it: `340 ms`, `4.2 s`, `3 min 05 s`, `2 h 07 min`. Negative counts as zero. */
export function duration(ms: number): string {
  const positive = Math.max(0, ms)
  if (positive < 999.5) return `${positive.toFixed(0)} ms`
  if (positive < 59_950) return `${(positive / 1000).toFixed(1)} s`
  const seconds = Math.round(positive / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`
}

/** A running clock: `0:07`, `12:40`, `1:02:09`. */
export function clockFace(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const tail = twoDigits(seconds % 60)
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${tail}` : `${minutes}:${tail}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
