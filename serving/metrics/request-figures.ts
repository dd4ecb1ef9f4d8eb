/** A millisecond is usual; the last bucket is where handlers are given up. Upper bounds, s. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]

/** Answers of one route. */
export class RouteFigures {
  readonly answered = new Map<number, number>()
  /** Answers by bucket, not summed up; the last one is beyond every bound. */
  readonly buckets = new Float64Array(buckets.length + 1)
  seconds = 0
  timed = 0

  /** An answer was given; `seconds` is left out where its time means nothing. */
  count(status: number, seconds?: number): void {
    this.answered.set(status, (this.answered.get(status) ?? 0) + 1)
    if (seconds === undefined) return
    this.seconds += seconds
    this.timed += 1
    let bucket = 0
    while (bucket < buckets.length && seconds > buckets[bucket]!) bucket++
    this.buckets[bucket]! += 1
  }
}

interface NameAndHelp {
  readonly name: string
  readonly help: string
}

/**
 * Requests by route and status, and how long they took, as Prometheus counts them. prom-client makes a key of the labels
 * for every observation, which took a twentieth of the time of GET /v1/verdict; here that is a few additions.
 */
export class RequestFigures {
  readonly #routes = new Map<string, RouteFigures>()

  /** Those of a route. */
  of(route: string): RouteFigures {
    const known = this.#routes.get(route)
    if (known !== undefined) return known
    const made = new RouteFigures()
    this.#routes.set(route, made)
    return made
  }

  /** Text of the Prometheus exposition format; routes that were never asked are left out. */
  text({ count, time }: { readonly count: NameAndHelp; readonly time: NameAndHelp }): string {
    const lines = [`# HELP ${count.name} ${count.help}`, `# TYPE ${count.name} counter`]
    for (const [route, { answered }] of this.#routes) {
      for (const [status, n] of answered) lines.push(`${count.name}{route="${route}",status="${status}"} ${n}`)
    }
    lines.push(`# HELP ${time.name} ${time.help}`, `# TYPE ${time.name} histogram`)
    for (const [route, figures] of this.#routes) {
      if (figures.timed === 0) continue
      let below = 0
      for (const [i, n] of figures.buckets.entries()) {
        below += n
        lines.push(`${time.name}_bucket{le="${buckets[i] ?? '+Inf'}",route="${route}"} ${below}`)
      }
      lines.push(`${time.name}_sum{route="${route}"} ${figures.seconds}`)
      lines.push(`${time.name}_count{route="${route}"} ${figures.timed}`)
    }
    return `${lines.join('\n')}\n`
  }
}
