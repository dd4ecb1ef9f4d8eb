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
  FIT_FAILED: {
    message: 'the {name} engine cannot fit this: {reason}',
    advice: 'Check the labels, the rows and the booster parameters that the message names.',
    retryable: false,
    http: 500,
    exit: 1,
  },
  MATRIX_MISMATCH: {
    message: 'these rows do not fit the model: {reason}',
    advice: 'Compute the rows with the feature set and the columns that the model was trained on.',
    retryable: false,
    http: 500,
    exit: 1,
  },
  CHAMPION_UNKNOWN: {
    message: 'which version is {alias} cannot be found out now ({cause})',
    advice: 'Ask again: the registry is tried again until it answers. The log of the service says what is away.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  NO_MODEL: {
    message: 'no model answers for {symbol} {timeframe} yet',
    advice: 'Train one with bullpen weekly, or promote a version: bullpen models promote VERSION.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  MODEL_SERIES_DIFFERS: {
    message: 'version {version} answers for {model}, alias {alias} for {series}',
    advice: 'Give the model an alias of its own (bullpen models promote VERSION --alias NAME) and serve that one too.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  REHEARSAL_FAILED: {
    message: 'version {version} was tried on the last {rows} candles and {reason}',
    advice: 'The model before it goes on answering; train again, or look into the run that made this one.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  WIDTH_DIFFERS: {
    message: 'the model answers for bars of {model}, the candles are {candles}',
    advice: 'Resample with --timeframe, or choose a model of that width with --model.',
    retryable: false,
    http: 422,
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
