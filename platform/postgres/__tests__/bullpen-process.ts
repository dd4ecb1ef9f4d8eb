import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = `
import { createInterface } from 'node:readline'
import { openDatabase } from '#platform/postgres'
const notes = []
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
let database
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, text] = JSON.parse(line)
  try {
    if (verb === 'open') {
      database = await openDatabase({ home: text, onNote: (note) => notes.push(note) })
      say({ notes })
    }
    if (verb === 'query') say({ rows: await database.query(text) })
    if (verb === 'close') {
      await database.close()
      say({})
    }
    if (verb === 'exit') process.exit(0)
  } catch (error) {
    say({ code: error.code ?? String(error), message: error.message })
  }
}`

interface Answer {
  readonly notes?: readonly string[]
  readonly rows?: readonly Record<string, unknown>[]
  readonly code?: string
  readonly message?: string
}

/** Another process that uses the compiled package, told by lines what to do. */
export class BullpenProcess {
  static readonly #running = new Set<BullpenProcess>()
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>
  readonly #ended: Promise<void>

  constructor(prefix: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const [command, ...args] = [...prefix, process.execPath, '--input-type=module', '--eval', program]
    // Imports of an --eval program resolve from the working directory, here the package's root.
    const stdio = ['pipe', 'pipe', 'inherit'] as const
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: [...stdio] })
    BullpenProcess.#running.add(this)
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => {
        BullpenProcess.#running.delete(this)
        resolve()
      })
    })
  }

  /** What a failed test left, so that it fails instead of hanging. Answers how many there were. */
  static async killAll(): Promise<number> {
    const left = [...BullpenProcess.#running]
    await Promise.all(left.map((one) => one.kill()))
    return left.length
  }

  open(home: string): Promise<Answer> {
    return this.#ask('open', home)
  }

  query(sql: string): Promise<Answer> {
    return this.#ask('query', sql)
  }

  close(): Promise<Answer> {
    return this.#ask('close')
  }

  /** Ends without closing its database. */
  async exit(): Promise<void> {
    this.#tell('exit')
    await this.#ended
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Lets the process end when it has nothing left to do. */
  async end(): Promise<void> {
    this.#child.stdin!.end()
    await this.#ended
  }

  async #ask(verb: string, text?: string): Promise<Answer> {
    this.#tell(verb, text)
    const answer = await this.#answers.next()
    if (answer.done === true) throw new Error(`the process ended instead of answering ${verb}`)
    return JSON.parse(answer.value) as Answer
  }

  #tell(verb: string, text?: string): void {
    this.#child.stdin!.write(`${JSON.stringify([verb, text])}\n`)
  }
}

/** Pid of the server a home's files speak of; null when it was stopped. */
export function postmasterOf(home: string): number | null {
  const file = join(home, 'postgres', 'data', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null
}

/** Pids of all processes whose command line names this folder: what a test that forgot nothing leaves empty. */
export function processesNaming(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(folder))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
