export { openOtlpReceiver } from './otlp-receiver.ts'
export type { OtlpReceiver, ReceivedSpan } from './otlp-receiver.ts'
