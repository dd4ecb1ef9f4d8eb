import { pino } from 'pino'
import type { LogLevel } from '#platform/config'
import { prettyLine } from './pretty-line.ts'
import { redact, redactText } from './redact.ts'

/** What a line is about, besides its message. Bullpen's own names: run, trial, task, host, agent, error. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Structured lines about what a process does, for machines and for people reading them later. Never answers (those go
 * to stdout) and never secrets: credentials in URLs and fields named like secrets are replaced before a line is made.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger whose every line carries these fields too. */
  child(fields: LogFields): Logger
}

export interface LoggerOptions {
  /** The least urgent level written; `silent` writes nothing. */
  readonly level: LogLevel
  /** `json`: one JSON object per line. `pretty`: time, level, message, name=value. */
  readonly format: 'json' | 'pretty'
  /** Carried by every line. */
  readonly fields?: LogFields
  /** Where lines go; stderr unless told. */
  readonly stream?: { write(text: string): unknown }
}

/** A logger. Lines are written before the call returns, so that a process about to die loses none. */
export function openLogger({ level, format, fields = {}, stream = process.stderr }: LoggerOptions): Logger {
  const destination = format === 'json' ? stream : { write: (line: string) => stream.write(prettyLine(line)) }
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  return wrap(lines.child(redact(fields) as Record<string, unknown>))
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
}

type Method = 'debug' | 'info' | 'warn' | 'error'

function wrap(lines: pino.Logger): Logger {
  const at = (method: Method) => (message: string, fields?: LogFields) => {
    // Redacting costs more than asking: most debug lines are never written.
    if (lines.isLevelEnabled(method)) lines[method](redact(fields ?? {}), redactText(message))
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(lines.child(redact(fields) as Record<string, unknown>)),
  }
}
