import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { BullpenError } from '#core/errors'
import { writeAtomically } from '#platform/files'
import type { StackInputs } from '../commands/rental.ts'

/** Inputs of a cluster stack in a file named for it, as `npm run synth -- --inputs` takes them. Throws USAGE. */
export async function readStackInputs(file: string): Promise<StackInputs> {
  const { bookableInputs, InputsInvalid } = await import('#infra-model')
  try {
    const raw: unknown = JSON.parse(await readFile(file, 'utf8'))
    const { target, cluster, maxLifetimeSeconds, things, booked } = bookableInputs(basename(file, '.json'), raw)
    const here = target === 'local' ? hostname() : ''
    return {
      target,
      cluster,
      maxLifetimeSeconds,
      planned: things.map((thing) => ({ ...thing, place: thing.place || here })),
      writeBooked: (rentals, endsAt) => {
        const ids = new Map(rentals.map(({ name, id }) => [name, id]))
        return writeAtomically(file, `${JSON.stringify(booked(ids, endsAt), null, 2)}\n`)
      },
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const isUnreadable = error instanceof SyntaxError || code !== undefined
    if (!isUnreadable && !(error instanceof InputsInvalid)) throw error
    throw new BullpenError('USAGE', { reason: isUnreadable ? `${file}: ${message}` : message }, { cause: error })
  }
}
