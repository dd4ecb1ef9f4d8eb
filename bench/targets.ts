/**
 * `npm run bench:targets -- RUNS`: weekly runs on rented machines, with real terraform, processes, Redis, PostgreSQL and
 * sshd: how soon the first task runs, how long the machines take to be gone, and what a run costs besides training. `local`
 * rents two workers here; `ssh` one on each of two hosts in network namespaces, for which it must be root.
 */
import { localPlace } from '../test/rentals/testing/local-place.ts'
import type { RentedPlace } from '../test/rentals/testing/rented-place.ts'
import { SshPlace } from '../test/rentals/testing/ssh-place.ts'
import { copySamples } from '../test/testing/samples.ts'
import { machine } from './machine.ts'
import { WeekClock, type WeekTimes } from './targets/week-clock.ts'

const [runs = '3'] = process.argv.slice(2)
const training = ['--candles', 'sample:btcusdt-4h', '--space', 'quick', '--folds', '2', '--trials', '8', '--seed', '5']
const rented = ['--workers', '2', '--threads', '1', '--term', '60']

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Runs of one place, one after another; the first is not counted: it fills the caches of files. */
async function timesOf(place: RentedPlace, clock: WeekClock): Promise<WeekTimes[]> {
  const times: WeekTimes[] = []
  for (let run = 0; run <= Number(runs); run++) {
    const name = `bench-${run}`
    const args = ['weekly', '--target', place.target, '--name', name, ...rented, ...training, '--json']
    const time = await clock.time(() => place.start(args, place.settings(name)))
    if (run > 0) times.push(time)
  }
  return times
}

function row(target: string, times: readonly WeekTimes[]) {
  const of = (pick: (times: WeekTimes) => number) => median(times.map(pick)).toFixed(1)
  return {
    target,
    'up s': of(({ up }) => up),
    'up to first task s': of(({ firstTask }) => firstTask),
    'training s': of((time) => time.training),
    'down s': of(({ down }) => down),
    'whole s': of(({ wall }) => wall),
    'whole - training s': of(({ wall, training: spent }) => wall - spent),
    'of it neither up nor down s': of(({ wall, training: spent, up, down }) => wall - spent - up - down),
  }
}

console.log(machine())
const local = localPlace()
copySamples(local.home)
const rows = []
try {
  const clock = await WeekClock.open({ home: local.home })
  rows.push(row('local', await timesOf(local, clock)))
  await clock.close()
} finally {
  await local.close()
}
const ssh = await SshPlace.open(2)
try {
  const clock = await WeekClock.open({ url: ssh.lab.postgres.socketUrl, home: ssh.home })
  rows.push(row('ssh, 2 hosts', await timesOf(ssh, clock)))
  await clock.close()
} finally {
  await ssh.close()
}
console.table(rows)
