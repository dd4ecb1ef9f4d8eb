/* eslint-disable */
// Generated from the OpenAPI document of the service by npm run client:generate. Do not edit.
export interface paths {
  '/v1/verdict': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The verdict for the newest closed candle */
    get: operations['getVerdict']
    put?: never
    /** The verdict for the newest of the caller's own candles */
    post: operations['askVerdict']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/verdicts/batch': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Verdicts for many series at once */
    post: operations['askVerdicts']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/predict': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The verdict as one word, for clients of the service before this one */
    get: operations['predict']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/verdict/explain': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Why the verdict is what it is, and what would change it */
    get: operations['explainVerdict']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/verdicts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The prediction log, newest first */
    get: operations['listVerdicts']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/equity': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Following the logged verdicts after fees, beside buy-and-hold */
    get: operations['getEquity']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/candles': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The newest closed candles, oldest first */
    get: operations['listCandles']
    put?: never
    /** One or many closed candles; all of them or none are taken */
    post: operations['sendCandles']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/series': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The series that verdicts are given for */
    get: operations['listSeries']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Every version, and who answered when */
    get: operations['listModels']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models/{version}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One version with its manifest */
    get: operations['getModel']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models/{version}/report': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The report of the version's run */
    get: operations['getReport']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models/{version}/promote': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Let a version answer */
    post: operations['promoteModel']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models/rollback': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Let the version before answer again */
    post: operations['rollbackModel']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/runs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Training runs, newest first */
    get: operations['listRuns']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/runs/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One run with its trials */
    get: operations['getRun']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/cluster': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Training hosts and their load */
    get: operations['getCluster']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The process answers */
    get: operations['isAlive']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/healthcheck': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The process answers */
    get: operations['isAliveToo']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/startup': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The service has begun */
    get: operations['hasStarted']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/ready': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** A verified model answers from data that is fresh enough */
    get: operations['isReady']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/events': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Server-sent events: verdict, model, model-refused, rollback, stale, drift */
    get: operations['followEvents']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/metrics': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** For Prometheus */
    get: operations['getMetrics']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    Health: {
      /** @enum {string} */
      status: 'ok'
    }
    Prediction: {
      verdict: 'sell' | 'hold' | 'buy'
    }
    /** @description An error as RFC 9457 has it. */
    Problem: {
      /** @description `urn:bullpen:CODE`. */
      type: string
      /** @description What happened, in one line. */
      title: string
      status: number
      /** @description What happened, with its particulars. */
      detail: string
      /** @description Path that was asked for. */
      instance: string
      /** @description One of docs/errors.md. */
      code: string
      /** @description What to do about it. */
      advice: string
      /** @description As in the header x-request-id. */
      requestId: string
    }
    Readiness: {
      /** @enum {string} */
      status: 'ready'
      models: number[]
      dataAgeMs: number
    }
    /** @description Following the logged verdicts after fees, beside buy-and-hold; both begin at 1. */
    Equity: {
      points: {
        /**
         * @description When.
         * @example 2026-01-31T04:00:00.000Z
         */
        time: string
        strategy: number
        buyAndHold: number
      }[]
      /** @description Paid on each change of position, basis points. */
      feesBps: number
    }
    /** @description Why the verdict is what it is, and the nearest close that would change it. */
    Explanation: {
      /** @example BTC/USDT */
      symbol: string
      /**
       * @description Width of a bar.
       * @example 4h
       */
      timeframe: string
      verdict: 'sell' | 'hold' | 'buy'
      /** @description Of each class, in [0, 1], together 1. */
      probabilities: {
        sell: number
        hold: number
        buy: number
      }
      candle: {
        /**
         * @description When it opened.
         * @example 2026-01-31T04:00:00.000Z
         */
        openTime: string
        /**
         * @description When it closed.
         * @example 2026-01-31T04:00:00.000Z
         */
        closeTime: string
        /** @description Price. */
        close: number
      }
      model: {
        version: number
        /** @description SHA-256 of the model file, 64 hex digits. */
        sha256: string
      }
      /** @description There when drift has taken the model the right to say buy or sell: the verdict is then hold. */
      demoted?: {
        /** @description The metrics beyond their limits. */
        reason: string
        /**
         * @description Since when.
         * @example 2026-01-31T04:00:00.000Z
         */
        since: string
      }
      /** @description Time since the candle closed. */
      dataAgeMs: number
      /** @description No candle has closed for more than two widths. */
      stale: boolean
      /**
       * @description When the verdict was computed.
       * @example 2026-01-31T04:00:00.000Z
       */
      computedAt: string
      /** @description As in the header x-request-id. */
      requestId: string
      /** @description What the trees add up to: baseline + contributions + rest. Their soft-max are the probabilities before calibration; those above are after it. */
      margins: {
        sell: number
        hold: number
        buy: number
      }
      /** @description Margins of the model before it looks at the candle. */
      baseline: {
        sell: number
        hold: number
        buy: number
      }
      /** @description Exact TreeSHAP: what each column adds to the margins; the ten that move the verdict most. */
      contributions: {
        column: string
        value: number | null
        sell: number
        hold: number
        buy: number
      }[]
      /** @description What all other columns add. */
      rest: {
        sell: number
        hold: number
        buy: number
      }
      words: string[]
      flip: {
        close: number
        verdict: 'sell' | 'hold' | 'buy'
        changePct: number
      } | null
    }
    /** @description A verdict as it was given. */
    LoggedVerdict: {
      id: number
      /** @example BTC/USDT */
      symbol: string
      /**
       * @description Width of a bar.
       * @example 4h
       */
      timeframe: string
      verdict: 'sell' | 'hold' | 'buy'
      /** @description Of each class. */
      probabilities: {
        sell: number
        hold: number
        buy: number
      }
      candle: {
        /**
         * @description When it opened.
         * @example 2026-01-31T04:00:00.000Z
         */
        openTime: string
        /**
         * @description When it closed.
         * @example 2026-01-31T04:00:00.000Z
         */
        closeTime: string
        /** @description Price. */
        close: number
      }
      model: {
        version: number
        /** @description SHA-256 of the model file, 64 hex digits. */
        sha256: string
      }
      /**
       * @description When the verdict was computed.
       * @example 2026-01-31T04:00:00.000Z
       */
      computedAt: string
    }
    /** @description The verdict for one closed candle. */
    Verdict: {
      /** @example BTC/USDT */
      symbol: string
      /**
       * @description Width of a bar.
       * @example 4h
       */
      timeframe: string
      verdict: 'sell' | 'hold' | 'buy'
      /** @description Of each class, in [0, 1], together 1. */
      probabilities: {
        sell: number
        hold: number
        buy: number
      }
      candle: {
        /**
         * @description When it opened.
         * @example 2026-01-31T04:00:00.000Z
         */
        openTime: string
        /**
         * @description When it closed.
         * @example 2026-01-31T04:00:00.000Z
         */
        closeTime: string
        /** @description Price. */
        close: number
      }
      model: {
        version: number
        /** @description SHA-256 of the model file, 64 hex digits. */
        sha256: string
      }
      /** @description There when drift has taken the model the right to say buy or sell: the verdict is then hold. */
      demoted?: {
        /** @description The metrics beyond their limits. */
        reason: string
        /**
         * @description Since when.
         * @example 2026-01-31T04:00:00.000Z
         */
        since: string
      }
      /** @description Time since the candle closed. */
      dataAgeMs: number
      /** @description No candle has closed for more than two widths. */
      stale: boolean
      /**
       * @description When the verdict was computed.
       * @example 2026-01-31T04:00:00.000Z
       */
      computedAt: string
      /** @description As in the header x-request-id. */
      requestId: string
    }
    VerdictBatch: {
      /** @description In the order asked for; what cannot be answered is a problem in its place. */
      items: (components['schemas']['Verdict'] | components['schemas']['Problem'])[]
    }
    VerdictPage: {
      items: components['schemas']['LoggedVerdict'][]
      nextCursor: string | null
    }
    CandleReceipt: {
      /** @description New at the end. */
      appended: number
      /** @description Known already with the same values. */
      repeated: number
      /** @description Known with other values, or older than the end and missing until now. */
      revised: number
      /**
       * @description Of the newest candle now.
       * @example 2026-01-31T04:00:00.000Z
       */
      newestOpenTime: string
    }
    /** @description A closed candle. */
    CandleRow: {
      /**
       * @description When it opened.
       * @example 2026-01-31T04:00:00.000Z
       */
      openTime: string
      open: number
      high: number
      low: number
      close: number
      volume: number
    }
    CandleRows: {
      /** @description Oldest first. */
      items: components['schemas']['CandleRow'][]
    }
    Series: {
      /** @example BTC/USDT */
      symbol: string
      /**
       * @description Width of a bar.
       * @example 4h
       */
      timeframe: string
      /** @description Rows since the last start, counted to one more than the warm-up. */
      rows: number
      newestOpenTime: string | null
      stale: boolean
      version: number | null
    }
    SeriesList: {
      items: components['schemas']['Series'][]
    }
    AliasMove: {
      alias: string
      version: number | null
      kind: 'move' | 'rollback'
      /**
       * @description When.
       * @example 2026-01-31T04:00:00.000Z
       */
      at: string
      reason: string
    }
    Model: {
      version: number
      /**
       * @description When it was registered.
       * @example 2026-01-31T04:00:00.000Z
       */
      createdAt: string
      /** @example BTC/USDT */
      symbol: string
      /**
       * @description Width of a bar.
       * @example 4h
       */
      timeframe: string
      /** @description SHA-256 of the model file, 64 hex digits. */
      sha256: string
      metrics: {
        heldOut: components['schemas']['ScoreCard']
        crossValidation: components['schemas']['ScoreCard']
      }
      aliases: string[]
      runId: string
    }
    ModelDetail: {
      version: number
      /**
       * @description When it was registered.
       * @example 2026-01-31T04:00:00.000Z
       */
      createdAt: string
      /** @example BTC/USDT */
      symbol: string
      /**
       * @description Width of a bar.
       * @example 4h
       */
      timeframe: string
      /** @description SHA-256 of the model file, 64 hex digits. */
      sha256: string
      metrics: {
        heldOut: components['schemas']['ScoreCard']
        crossValidation: components['schemas']['ScoreCard']
      }
      aliases: string[]
      runId: string
      manifest: {
        [key: string]: unknown
      }
    }
    ModelList: {
      /** @description Newest first. */
      items: components['schemas']['Model'][]
      champion: number | null
      /** @description Moves of the champion alias, oldest first. */
      history: components['schemas']['AliasMove'][]
    }
    ScoreCard: {
      rows: number
      rocAucOvrWeighted: number
      f1Weighted: number
      logLoss: number
      /** @description Reachable with no skill, on the same rows. */
      naiveRocAucOvrWeighted: number
      lift: number
    }
    /** @description Training hosts heard within the last hour; empty when there are none. */
    Cluster: {
      hosts: components['schemas']['Host'][]
      threads: number
      busy: number
    }
    Host: {
      host: string
      cores: number
      threads: number
      /** @description Threads at work. */
      busy: number
      agents: {
        id: string
        route: string
        state: 'running' | 'draining' | 'left' | 'lost'
        engine: string
        threads: number
        busy: number
        done: number
        failed: number
        /**
         * @description When it joined.
         * @example 2026-01-31T04:00:00.000Z
         */
        joinedAt: string
        /**
         * @description When it was last heard.
         * @example 2026-01-31T04:00:00.000Z
         */
        heartbeatAt: string
      }[]
    }
    Run: {
      id: string
      state: 'created' | 'features' | 'selection' | 'search' | 'fit' | 'register' | 'done' | 'failed' | 'interrupted'
      /**
       * @description When it began.
       * @example 2026-01-31T04:00:00.000Z
       */
      createdAt: string
      /**
       * @description When it last moved.
       * @example 2026-01-31T04:00:00.000Z
       */
      updatedAt: string
      error: {
        code: string
        message: string
      } | null
    }
    RunDetail: {
      id: string
      state: 'created' | 'features' | 'selection' | 'search' | 'fit' | 'register' | 'done' | 'failed' | 'interrupted'
      /**
       * @description When it began.
       * @example 2026-01-31T04:00:00.000Z
       */
      createdAt: string
      /**
       * @description When it last moved.
       * @example 2026-01-31T04:00:00.000Z
       */
      updatedAt: string
      error: {
        code: string
        message: string
      } | null
      spec: {
        [key: string]: unknown
      }
      summary: {
        [key: string]: unknown
      } | null
      trials: components['schemas']['Trial'][]
    }
    RunList: {
      /** @description Newest first. */
      items: components['schemas']['Run'][]
    }
    Trial: {
      number: number
      state: 'complete' | 'pruned' | 'failed'
      parameters: {
        [key: string]: number | string
      }
      score: number | null
      naive: number | null
      durationMs: number
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  getVerdict: {
    parameters: {
      query?: {
        /**
         * @description As ccxt writes it.
         * @example BTC/USDT
         */
        symbol?: string
        /**
         * @description Width of a bar.
         * @example 4h
         */
        timeframe?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The verdict for one closed candle. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Verdict']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  askVerdict: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description As ccxt writes it.
           * @example BTC/USDT
           */
          symbol?: string
          /**
           * @description Width of a bar.
           * @example 4h
           */
          timeframe?: string
          /**
           * @description Rows as {openTime, open, high, low, close, volume} or [ms, open, high, low, close, volume]; at most 10000.
           * @example [
           *       {
           *         "openTime": "2026-01-31T04:00:00.000Z",
           *         "open": 1,
           *         "high": 3,
           *         "low": 1,
           *         "close": 2,
           *         "volume": 5
           *       }
           *     ]
           */
          candles: (
            | {
                [key: string]: unknown
              }
            | unknown[]
          )[]
        }
      }
    }
    responses: {
      /** @description The verdict for one closed candle. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Verdict']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  askVerdicts: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description At most 100 series. */
          requests: {
            /**
             * @description As ccxt writes it.
             * @example BTC/USDT
             */
            symbol: string
            /**
             * @description Width of a bar.
             * @example 4h
             */
            timeframe: string
          }[]
        }
      }
    }
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['VerdictBatch']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  predict: {
    parameters: {
      query?: {
        /**
         * @description As ccxt writes it.
         * @example BTC/USDT
         */
        symbol?: string
        /**
         * @description Width of a bar.
         * @example 4h
         */
        timeframe?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Prediction']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  explainVerdict: {
    parameters: {
      query?: {
        /**
         * @description As ccxt writes it.
         * @example BTC/USDT
         */
        symbol?: string
        /**
         * @description Width of a bar.
         * @example 4h
         */
        timeframe?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Why the verdict is what it is, and the nearest close that would change it. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Explanation']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listVerdicts: {
    parameters: {
      query?: {
        /**
         * @description As ccxt writes it.
         * @example BTC/USDT
         */
        symbol?: string
        /**
         * @description Width of a bar.
         * @example 4h
         */
        timeframe?: string
        /** @description Open time of the first candle. ISO 8601. */
        from?: string
        /** @description Open time of the last candle. ISO 8601. */
        to?: string
        /** @description nextCursor of the page before. */
        cursor?: number
        /** @description At most 1000; 100 unless given. */
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['VerdictPage']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getEquity: {
    parameters: {
      query?: {
        /**
         * @description As ccxt writes it.
         * @example BTC/USDT
         */
        symbol?: string
        /**
         * @description Width of a bar.
         * @example 4h
         */
        timeframe?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Following the logged verdicts after fees, beside buy-and-hold; both begin at 1. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Equity']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listCandles: {
    parameters: {
      query?: {
        /**
         * @description As ccxt writes it.
         * @example BTC/USDT
         */
        symbol?: string
        /**
         * @description Width of a bar.
         * @example 4h
         */
        timeframe?: string
        /** @description At most 5000; 500 unless given. */
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['CandleRows']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  sendCandles: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description As ccxt writes it.
           * @example BTC/USDT
           */
          symbol: string
          /**
           * @description Width of a bar.
           * @example 4h
           */
          timeframe: string
          /**
           * @description Rows as {openTime, open, high, low, close, volume} or [ms, open, high, low, close, volume]; at most 10000.
           * @example [
           *       {
           *         "openTime": "2026-01-31T04:00:00.000Z",
           *         "open": 1,
           *         "high": 3,
           *         "low": 1,
           *         "close": 2,
           *         "volume": 5
           *       }
           *     ]
           */
          candles: (
            | {
                [key: string]: unknown
              }
            | unknown[]
          )[]
        }
      }
    }
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['CandleReceipt']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listSeries: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SeriesList']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listModels: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ModelList']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getModel: {
    parameters: {
      query?: never
      header?: never
      path: {
        version: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ModelDetail']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getReport: {
    parameters: {
      query?: never
      header?: never
      path: {
        version: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page without scripts. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/html': string
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  promoteModel: {
    parameters: {
      query?: never
      header?: never
      path: {
        version: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description Kept in the history. */
          reason: string
          /** @description Promote against the gate: the reason and the key are kept as its override. */
          override?: boolean
        }
      }
    }
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AliasMove']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  rollbackModel: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description Kept in the history. */
          reason: string
          /** @description Only while this version answers. */
          from?: number
        }
      }
    }
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AliasMove']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listRuns: {
    parameters: {
      query?: {
        /** @description At most 200; 20 unless given. */
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['RunList']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getRun: {
    parameters: {
      query?: never
      header?: never
      path: {
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['RunDetail']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getCluster: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Training hosts heard within the last hour; empty when there are none. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Cluster']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  isAlive: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  isAliveToo: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  hasStarted: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  isReady: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  followEvents: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Goes on until the client leaves. Last-Event-ID asks for what was missed. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/event-stream': string
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getMetrics: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Text of the Prometheus exposition format. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/plain': string
        }
      }
      /** @description The request was refused. */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The service cannot answer now. */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}
