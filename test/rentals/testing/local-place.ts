import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { booksOf } from '../../../coordinator/rentals/index.ts'
import { startBullpen } from '../../testing/command.ts'
import type { RentedPlace } from './rented-place.ts'

/** This machine, with the embedded database of a home of its own. */
export function localPlace(): RentedPlace {
  const home = mkdtempSync(join(tmpdir(), 'bullpen-rented-'))
  const books = booksOf({ home, onNote: () => undefined })
  return {
    target: 'local',
    home,
    hostHomes: [],
    books,
    settings: () => ({}),
    start: (args, env) => startBullpen(args, home, env),
    close: async () => {
      await books.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
