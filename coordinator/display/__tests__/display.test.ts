import { expect, test } from '@jest/globals'
import type { ProgressEvent } from '../../progress.ts'
import { openDisplay } from '../index.ts'

const events: readonly ProgressEvent[] = [
  { kind: 'run', runId: 'r-7', resumed: false },
  { kind: 'note', text: 'engine wasm:\u001b[2J no libxgboost found' },
  { kind: 'stage-start', stage: 'search', tasks: 2 },
  { kind: 'stage-progress', stage: 'search', done: 1, tasks: 6 },
  { kind: 'trial', number: 0, trials: 2, state: 'complete', score: 0.78, best: { number: 0, score: 0.78 } },
  { kind: 'trial', number: 1, trials: 2, state: 'failed', score: null, best: null, reused: true },
  { kind: 'stage-end', stage: 'search', ms: 61_000, text: '2 trials' },
]

function watch(isTerminal: boolean, more: { verbose?: boolean; color?: boolean } = {}) {
  const written: string[] = []
  const time = { now: 0, tick: () => {}, stopped: 0 }
  const display = openDisplay({
    stream: { write: (text) => written.push(text) },
    isTerminal,
    columns: () => 100,
    verbose: more.verbose ?? false,
    color: more.color ?? false,
    clock: () => time.now,
    every: (_, tick) => {
      time.tick = tick
      return () => time.stopped++
    },
  })
  return { display, written, time }
}

test('a pipe gets one plain line per event and no escape sequence', () => {
  const { display, written } = watch(false)
  events.forEach(display.listener)
  display.close()
  display.listener(events[0]!)
  expect(written.join('')).toBe(
    [
      'run r-7 started',
      'note: engine wasm: [2J no libxgboost found',
      'search: started, 2 tasks',
      'trial 0 of 2: complete 0.7800, best 0.7800 (trial 0)',
      'trial 1 of 2: failed, from the earlier run',
      'search: done in 1 min 01 s, 2 trials',
      '',
    ].join('\n'),
  )
})

test('verbose adds progress inside stages to the plain lines', () => {
  const { display, written } = watch(false, { verbose: true })
  events.forEach(display.listener)
  expect(written).toContain('search: 1/6\n')
})

test('a terminal is redrawn in place, notes stay above, and the cursor comes back', () => {
  const { display, written } = watch(true)
  events.forEach(display.listener)
  display.close()
  display.close()
  expect(written[0]).toBe('\u001b[?25l')
  expect(written[1]?.split('\n')[0]).toBe('\r\u001b[Jrun r-7  0:00')
  const second = written[2]?.split('\n')
  expect(second?.[0]).toBe('\u001b[11A\r\u001b[Jnote: engine wasm: [2J no libxgboost found')
  expect(second?.[1]).toBe('run r-7  0:00')
  expect(written.at(-1)).toBe('\u001b[?25h')
  expect(written.filter((text) => text === '\u001b[?25h')).toHaveLength(1)
})

test('a terminal sees at most ten frames a second however many events arrive', () => {
  const { display, written, time } = watch(true)
  display.listener({ kind: 'stage-start', stage: 'selection', tasks: 1000 })
  const before = written.length
  for (let done = 0; done < 1000; done++) {
    time.now = done
    display.listener({ kind: 'stage-progress', stage: 'selection', done, tasks: 1000 })
    time.tick()
  }
  expect(written.length - before).toBe(9)
})

test('closing stops the ticker and restores nothing when nothing was drawn', () => {
  const { display, written, time } = watch(true)
  display.close()
  expect(time.stopped).toBe(1)
  expect(written).toEqual([])
})

test('an exit of the process while drawing brings the cursor back, and closing leaves no exit listener', () => {
  const listeners = process.listenerCount('exit')
  const { display } = watch(true)
  display.listener(events[0]!)
  expect(process.listenerCount('exit')).toBe(listeners + 1)
  display.close()
  expect(process.listenerCount('exit')).toBe(listeners)
})

test('colour is used only when asked for', () => {
  const drawn = (color: boolean) => {
    const { display, written } = watch(true, { color })
    events.forEach(display.listener)
    display.close()
    return written.join('')
  }
  expect(drawn(false)).not.toMatch(/\u001b\[\d+m/) // eslint-disable-line no-control-regex -- the sequence under test
  expect(drawn(true)).toContain('\u001b[32m✔\u001b[0m search')
})

test('on a terminal a note without a run or a stage is a line, and nothing is drawn', () => {
  const { display, written, time } = watch(true)
  display.listener({ kind: 'note', text: 'the registry is embedded' })
  time.tick()
  display.close()
  expect(written).toEqual(['note: the registry is embedded\n'])
})
