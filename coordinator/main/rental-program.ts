import type { TargetName } from '#core/protocol'
import { readConfig, type Config } from '#platform/config'
import type { Output } from '#platform/processes'
import { addRentalCommands, type RentalContext, type StackInputs } from '../commands/rental.ts'
import { booksOf, type ClusterSite, type RentalBooks } from '../rentals/index.ts'
import { emptyProgram, type OpenProgram } from './open-program.ts'
import type { GlobalOptions } from './session.ts'

/** The commands about one rental, alone: `bullpen rental ...` needs nothing else. */
export const openRentalProgram: OpenProgram = (output, signal, globals) => {
  const session = new RentalSession(output, signal, globals)
  const program = emptyProgram(output)
  addRentalCommands(program, session)
  return { program, session }
}

/** The session of a process that keeps a rental. */
class RentalSession implements RentalContext {
  readonly signal: AbortSignal
  readonly config: Config = readConfig()
  status: 0 | 1 = 0
  readonly #output: Output
  readonly #globals: GlobalOptions
  #books: RentalBooks | undefined

  constructor(output: Output, signal: AbortSignal, globals: GlobalOptions) {
    this.#output = output
    this.signal = signal
    this.#globals = globals
  }

  books(): RentalBooks {
    const { databaseUrl: url, home } = this.config
    this.#books ??= booksOf({ url, home, onNote: this.note })
    return this.#books
  }

  async stackInputs(file: string): Promise<StackInputs> {
    const { readStackInputs } = await import('./read-stack-inputs.ts')
    return readStackInputs(file)
  }

  async clusterSite({ target }: { readonly target: TargetName }): Promise<ClusterSite> {
    const { openClusterSite } = await import('./open-cluster-site.ts')
    return openClusterSite(target, { config: this.config, books: this.books(), note: this.note })
  }

  readonly note = (text: string): void => {
    this.#output.stderr.write(`${new Date().toISOString()} ${text}\n`)
  }

  answer<T>(value: T, lines: (value: T) => readonly string[]): void {
    const text = this.#globals.json ? JSON.stringify(value) : lines(value).join('\n')
    this.#output.stdout.write(`${text}\n`)
  }

  fail(): void {
    this.status = 1
  }

  wouldLose(): string {
    return 'leaves what is rented to the guard'
  }

  closeDisplay(): void {
    // There is none.
  }

  async close(): Promise<void> {
    await this.#books?.close()
  }
}
