import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ChangeFeed, ChangeTopic } from '#core/registry'

export interface ChangeFeedFixture {
  readonly feed: ChangeFeed
  /** Makes something change, as another process would. */
  change(topic: ChangeTopic): Promise<void> | void
  close(): Promise<void> | void
}

/** What every change feed promises. */
export function describeChangeFeed(name: string, open: () => Promise<ChangeFeedFixture>): void {
  describe(`${name} keeps the promises of a change feed`, () => {
    let fixture: ChangeFeedFixture
    let ends: (() => Promise<void>)[]
    beforeEach(async () => {
      fixture = await open()
      ends = []
    })
    afterEach(async () => {
      for (const end of ends) await end()
      await fixture.close()
    })

    const watch = async (topic: ChangeTopic): Promise<Ear> => {
      const ear = new Ear()
      ends.push(
        await fixture.feed.watch(topic, () => {
          ear.hear()
        }),
      )
      return ear
    }

    test('a change of the topic is heard by all who watch it', async () => {
      const ears = [await watch('aliases'), await watch('aliases'), await watch('candles')]
      await fixture.change('aliases')
      await Promise.all([ears[0]!.heard(1), ears[1]!.heard(1)])
      await fixture.change('candles')
      await ears[2]!.heard(1)
      expect(ears.map(({ count }) => count)).toEqual([1, 1, 1])
    })

    test('after the last of many changes there is word of it', async () => {
      const ear = await watch('candles')
      for (let i = 0; i < 50; i++) await fixture.change('candles')
      await ear.heard(1)
      const before = ear.count
      await fixture.change('candles')
      await ear.heard(before + 1)
    })

    test('who has ended hears nothing more', async () => {
      const ended = await watch('aliases')
      const other = await watch('aliases')
      await ends[0]!()
      await fixture.change('aliases')
      await other.heard(1)
      expect(ended.count).toBe(0)
    })

    test('ending twice does no harm', async () => {
      await watch('aliases')
      await ends[0]!()
      await expect(ends[0]!()).resolves.toBeUndefined()
    })
  })
}

/** Counts what it hears. */
class Ear {
  count = 0
  #waiting: (() => void)[] = []

  hear(): void {
    this.count++
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** Resolves once it has heard so often. */
  async heard(times: number): Promise<void> {
    while (this.count < times) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}
