import type { ErrorEntry } from './entry.ts'

export const modelCodes = {
  ENGINE_UNAVAILABLE: {
    message: 'the {name} engine cannot be used here: {reason}',
    advice: 'Install libxgboost (Debian: apt-get install libxgboost0) or set XGBOOST_LIBRARY, or use --engine wasm.',
    retryable: false,
    http: 500,
    exit: 1,
  },
  MODEL_INVALID: {
    message: 'the model cannot be read: {reason}',
    advice: 'Export it again from the registry; a model file is XGBoost JSON.',
    retryable: false,
    http: 500,
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>
