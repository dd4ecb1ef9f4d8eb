import { describeCandleStore } from '#core/candles/testing'
import type { ChangeTopic } from '#core/registry'
import {
  describeApiKeys,
  describeFeatureSnapshots,
  describeChangeFeed,
  describeDriftActions,
  describeModelRegistry,
  describeObjectStore,
  describePredictionLog,
  describeRunStore,
  describeShardIndex,
} from '#core/registry/testing'
import { describeScheduleStore } from '#core/schedule/testing'
import { describeWebhookOutbox } from '#core/webhooks/testing'
import {
  MemoryApiKeys,
  MemoryCandleStore,
  MemoryFeatureSnapshots,
  MemoryChangeFeed,
  MemoryDriftActions,
  MemoryScheduleStore,
  MemoryWebhookOutbox,
  MemoryModelRegistry,
  MemoryObjectStore,
  MemoryPredictionLog,
  MemoryRunStore,
  MemoryShardIndex,
} from '#platform/memory'

const close = (): void => undefined

describeModelRegistry('MemoryModelRegistry', (clock) =>
  Promise.resolve({ registry: new MemoryModelRegistry(clock), close }),
)
describeRunStore('MemoryRunStore', (clock) => Promise.resolve({ runs: new MemoryRunStore(clock), close }))
describeApiKeys('MemoryApiKeys', (clock) => Promise.resolve({ keys: new MemoryApiKeys(clock), close }))
describeFeatureSnapshots('MemoryFeatureSnapshots', () =>
  Promise.resolve({ snapshots: new MemoryFeatureSnapshots(), close }),
)
describeDriftActions('MemoryDriftActions', () => Promise.resolve({ actions: new MemoryDriftActions(), close }))
describeShardIndex('MemoryShardIndex', () => Promise.resolve({ index: new MemoryShardIndex(), close }))
describeCandleStore('MemoryCandleStore', () => Promise.resolve({ store: new MemoryCandleStore(), close }))
describeObjectStore('MemoryObjectStore', () => {
  const store = new MemoryObjectStore()
  const damage = (name: string, content: Uint8Array): void => {
    store.damage(name, content)
  }
  return Promise.resolve({ store, damage, close })
})
describePredictionLog('MemoryPredictionLog', () => Promise.resolve({ log: new MemoryPredictionLog(), close }))
describeChangeFeed('MemoryChangeFeed', () => {
  const feed = new MemoryChangeFeed()
  const change = (topic: ChangeTopic): void => {
    feed.tell(topic)
  }
  return Promise.resolve({ feed, change, close })
})
describeScheduleStore('MemoryScheduleStore', () => Promise.resolve({ store: new MemoryScheduleStore(), close }))
describeWebhookOutbox('MemoryWebhookOutbox', () => Promise.resolve({ outbox: new MemoryWebhookOutbox(), close }))
