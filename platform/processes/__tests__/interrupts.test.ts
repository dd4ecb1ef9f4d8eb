import { afterEach, expect, test } from '@jest/globals'
import { listenForInterrupts, type Interrupts } from '../interrupts.ts'

let interrupts: Interrupts | undefined

afterEach(() => {
  interrupts?.stopListening()
})

/** Listens, and writes down what is told and done. */
function listen(wouldLose?: () => string | null) {
  const seen: string[] = []
  interrupts = listenForInterrupts({
    tell: (text) => seen.push(text),
    exit: (status) => seen.push(`exit ${status}`) as never,
    ...(wouldLose && { wouldLose }),
  })
  return seen
}

function send(signal: NodeJS.Signals): void {
  process.emit(signal)
}

test('the first interrupt asks what runs to end and says what the second does: it stops at once', () => {
  const seen = listen()
  send('SIGINT')
  expect(interrupts?.signal.reason).toMatchObject({ code: 'INTERRUPTED' })
  expect(seen).toEqual(['stopping: finishing what runs; once more stops at once'])
  send('SIGTERM')
  expect(seen.slice(1)).toEqual(['exit 130'])
})

test('where something would be lost the first says so, the second warns, and the third stops at once', () => {
  const seen = listen(() => 'leaves a machine running')
  send('SIGTERM')
  send('SIGINT')
  expect(seen).toEqual([
    'stopping: finishing what runs; twice more stops at once and leaves a machine running',
    'once more stops at once and leaves a machine running',
  ])
  send('SIGINT')
  expect(seen.slice(2)).toEqual(['exit 130'])
})

test('what can be lost only since the first interrupt is told before anything is lost', () => {
  let loss: string | null = null
  const seen = listen(() => loss)
  send('SIGINT')
  loss = 'leaves a machine running'
  send('SIGINT')
  send('SIGINT')
  expect(seen.slice(1)).toEqual(['once more stops at once and leaves a machine running', 'exit 130'])
})

test('what has been brought to safety meanwhile keeps nobody from stopping', () => {
  let loss: string | null = 'leaves a machine running'
  const seen = listen(() => loss)
  send('SIGINT')
  loss = null
  send('SIGINT')
  expect(seen.slice(1)).toEqual(['exit 130'])
})
