/** Seconds that what is kept may take to end: twice the notice time of an agent, so that it may leave by itself. */
const noticeSeconds = 20

/**
 * What goes before the command of a process that is in the ledger, on a host with this bullpen command and home: it runs
 * for as long as its rental lasts. It refuses one that was not booked.
 */
export function keeperOf(bullpen: readonly string[], home: string, rental: string): string[] {
  const folder = `${home}/clusters/${rental}`
  return [...bullpen, 'rental', 'keep', '--id', rental, '--folder', folder, '--notice-time', `${noticeSeconds}`, '--']
}
