import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import type { Database } from '../database.ts'
import { openDatabase } from '../open-database.ts'

/** An embedded PostgreSQL for one test file, with its schema; it is gone after the file's last test. */
export async function testDatabase(): Promise<{ readonly database: Database; readonly home: string }> {
  const home = mkdtempSync(join(tmpdir(), 'bullpen-database-'))
  const database = await openDatabase({ home, onNote: () => undefined })
  afterAll(async () => {
    await database.close()
    rmSync(home, { recursive: true })
  })
  return { database, home }
}
