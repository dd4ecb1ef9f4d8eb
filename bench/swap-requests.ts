import { Agent, get } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

/** What a thread of requests is told, and what it has seen when it is told to end. */
export interface SwapRequests {
  readonly url: string
  readonly perSecond: number
}
export interface SwapAnswers {
  readonly requests: number
  readonly failed: Readonly<Record<string, number>>
  /** Answers by model version. */
  readonly versions: Readonly<Record<string, number>>
  /** Times to the whole answer, ms, rising. Counted from when the request was due, so that none hides behind another. */
  readonly times: readonly number[]
}

const { url, perSecond } = workerData as SwapRequests
const agent = new Agent({ keepAlive: true, maxSockets: 128 })
const failed: Record<string, number> = {}
const versions: Record<string, number> = {}
const times: number[] = []
let [sent, open, isEnding] = [0, 0, false]

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}

function send(due: number): void {
  sent++
  open++
  const end = (): void => {
    open--
    times.push(performance.now() - due)
    if (isEnding && open === 0) answer()
  }
  const request = get(url, { agent }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      if (response.statusCode !== 200) count(failed, `${response.statusCode ?? 'none'} ${body.slice(0, 120)}`)
      else count(versions, String((JSON.parse(body) as { model: { version: number } }).model.version))
      end()
    })
  })
  request.on('error', (error) => {
    count(failed, error.message)
    end()
  })
}

const start = performance.now()
const timer = setInterval(() => {
  const due = ((performance.now() - start) / 1000) * perSecond
  while (sent < due) send(start + (sent / perSecond) * 1000)
}, 2)

function answer(): void {
  agent.destroy()
  const answers: SwapAnswers = { requests: sent, failed, versions, times: times.sort((a, b) => a - b) }
  parentPort!.postMessage(answers)
}

parentPort!.once('message', () => {
  clearInterval(timer)
  isEnding = true
  if (open === 0) answer()
})
