import type { GivenVerdict, PredictionLog, VerdictQuery } from '#core/registry'
import type { Database } from './database.ts'

interface VerdictRow extends Omit<GivenVerdict, 'probabilities'> {
  readonly sell: number
  readonly hold: number
  readonly buy: number
}

const columns = `id, symbol, width_ms AS "widthMs", open_time AS "openTime", close, verdict, sell, hold, buy,
  version, sha256, at`

/** The prediction log in PostgreSQL. */
export class PostgresPredictionLog implements PredictionLog {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async append(given: Omit<GivenVerdict, 'id'>): Promise<GivenVerdict> {
    const { symbol, widthMs, openTime, close, verdict, probabilities, version, sha256, at } = given
    const { sell, hold, buy } = probabilities
    const key = [symbol, widthMs, openTime, version, close, sell, hold, buy]
    const known = `symbol = $1 AND width_ms = $2 AND open_time = $3 AND version = $4 AND close = $5
      AND sell = $6 AND hold = $7 AND buy = $8`
    const inserted = await this.#database.query<VerdictRow>(
      `INSERT INTO bullpen.verdicts (symbol, width_ms, open_time, version, close, sell, hold, buy, verdict, sha256, at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::float8 / 1000)
       WHERE NOT EXISTS (SELECT FROM bullpen.verdicts WHERE ${known})
       ON CONFLICT ON CONSTRAINT given_once DO NOTHING RETURNING ${columns}`,
      [...key, verdict, sha256, at],
    )
    const rows =
      inserted.length > 0
        ? inserted
        : await this.#database.query<VerdictRow>(`SELECT ${columns} FROM bullpen.verdicts WHERE ${known}`, key)
    return fromRow(rows[0]!)
  }

  async page({ symbol, widthMs, from, to, before, limit }: VerdictQuery): Promise<readonly GivenVerdict[]> {
    const values: unknown[] = [limit]
    const conditions: string[] = []
    const add = (condition: string, value: unknown): void => {
      if (value === undefined) return
      values.push(value)
      conditions.push(`${condition} $${values.length}`)
    }
    add('symbol =', symbol)
    add('width_ms =', widthMs)
    add('open_time >=', from)
    add('open_time <=', to)
    add('id <', before)
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    const rows = await this.#database.query<VerdictRow>(
      `SELECT ${columns} FROM bullpen.verdicts ${where} ORDER BY id DESC LIMIT $1`,
      values,
    )
    return rows.map(fromRow)
  }
}

function fromRow({ sell, hold, buy, ...rest }: VerdictRow): GivenVerdict {
  return { ...rest, probabilities: { sell, hold, buy } }
}
