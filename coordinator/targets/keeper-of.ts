import { join } from 'node:path'

/** Seconds that what is kept may take to end: twice the notice time of an agent, so that it may leave by itself. */
const noticeSeconds = 20

/** What goes before the command of a rented process, on a host with this command and home. */
export function keeperOf(bullpen: readonly string[], home: string, rental: string): string[] {
  const folder = join(home, 'clusters', rental)
  return [...bullpen, 'rental', 'keep', '--id', rental, '--folder', folder, '--notice-time', `${noticeSeconds}`, '--']
}
