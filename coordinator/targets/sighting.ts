/** A process that carries a rental. */
export interface SeenProcess {
  readonly pid: number
  readonly rental: string
  readonly program: string
}

/** What is on a host, as the look script tells it. */
export interface Sighting {
  readonly processes: readonly SeenProcess[]
  /** Folders of rentals, by the rental's id. */
  readonly folders: readonly string[]
  /** Clusters that have a folder. */
  readonly clusters: readonly string[]
  /** Rentals whose keeper lives. */
  readonly living: ReadonlySet<string>
}

/** Reads lines `process PID RENTAL PROGRAM`, `keeper RENTAL PID` and `folder CLUSTER NAME`. */
export function readSighting(text: string): Sighting {
  const lines = text.split('\n').map((line) => line.split(' '))
  const of = (kind: string) => lines.filter(([first]) => first === kind)
  const processes = of('process').map(([, pid, rental = '', ...program]) => {
    return { pid: Number(pid), rental, program: program.join(' ') }
  })
  const carried = new Set(processes.map(({ pid, rental }) => `${rental} ${pid}`))
  const keepers = of('keeper').filter(([, rental, pid]) => carried.has(`${rental!} ${pid!}`))
  const folders = of('folder')
  return {
    processes,
    folders: folders.flatMap(([, cluster, name]) => (name!.includes('#') ? [`${cluster!}/${name!}`] : [])),
    clusters: folders.flatMap(([, cluster, name]) => (cluster === name ? [cluster!] : [])),
    living: new Set(keepers.map(([, rental]) => rental!)),
  }
}

/** The cluster that a rental belongs to. */
export function clusterOf(rental: string): string {
  return rental.split('/')[0]!
}
