import type { ErrorEntry } from './entry.ts'

export const dataCodes = {
  TOO_FEW_ROWS: {
    message: '{rows} candles are too few: {needed} are needed ({why})',
    advice: 'Give a longer history or fewer splits.',
    retryable: false,
    http: 422,
    exit: 1,
  },
  ONE_CLASS: {
    message: 'the rows of {where} lack a class: they hold only {only}',
    advice: 'Give more history, fewer splits, or another label.',
    retryable: false,
    http: 422,
    exit: 1,
  },
  ENGINE_WITHOUT_WEIGHTS: {
    message: 'the label {label} weighs its rows, which the wasm engine cannot learn',
    advice: 'Install libxgboost and use --engine native, or weigh all rows alike: --label-param weights=0.',
    retryable: false,
    http: 422,
    exit: 2,
  },
  DATA_SET_INVALID: {
    message: 'a data set cannot be read: {reason}',
    advice: 'It was written by another version of bullpen or is damaged; start a new run.',
    retryable: false,
    http: 500,
    exit: 1,
  },
  UNKNOWN_NAME: {
    message: 'there is no {kind} {name}; known are {known}',
    advice: 'Use one of the names listed.',
    retryable: false,
    http: 400,
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
