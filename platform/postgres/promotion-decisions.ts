import { BullpenError } from '#core/errors'
import type { Override, PromotionDecision, RecordedDecision } from '#core/registry'
import { codeOf, type Query } from './database.ts'

const columns = `id, alias, challenger, champion, run_id AS "runId", verdict = 'promote' AS promoted, reason,
  decision ->> 'text' AS text, decision -> 'evidence' AS evidence, created_at AS at,
  override_reason AS "overrideReason", override_by AS "overrideBy"`

type Row = Omit<RecordedDecision, 'override'> & { overrideReason: string | null; overrideBy: string | null }

/** What is to be recorded about a version. */
export interface DecisionAbout extends PromotionDecision {
  readonly challenger: number
  readonly runId: string | null
  readonly at: number
  readonly override: Override | null
}

export async function recordDecision(query: Query, decision: DecisionAbout): Promise<RecordedDecision> {
  const { alias, challenger, champion, runId, promoted, reason, text, evidence, override, at } = decision
  const [row] = await query<Row>(
    `INSERT INTO bullpen.promotion_decisions
       (alias, challenger, champion, run_id, verdict, reason, decision, override_reason, override_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000)) RETURNING ${columns}`,
    [
      alias,
      challenger,
      champion,
      runId,
      promoted ? 'promote' : 'refuse',
      reason,
      JSON.stringify({ text, evidence }),
      override?.reason ?? null,
      override?.by ?? null,
      at,
    ],
  )
  return fromRow(row!)
}

/** Those about an alias, oldest first. */
export async function decisionsOf(query: Query, alias: string): Promise<RecordedDecision[]> {
  const rows = await query<Row>(`SELECT ${columns} FROM bullpen.promotion_decisions WHERE alias = $1 ORDER BY id`, [
    alias,
  ])
  return rows.map(fromRow)
}

/** Decisions that have moved the alias. */
export async function usedDecisions(query: Query, alias: string): Promise<Set<number>> {
  const rows = await query<{ id: number }>(
    'SELECT decision_id AS id FROM bullpen.alias_moves WHERE alias = $1 AND decision_id IS NOT NULL',
    [alias],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The database's refusal of a move as PROMOTION_REFUSED; anything else as it is. */
export function refusalOf(error: unknown, move: { alias: string; version: number; champion: number | null }): unknown {
  if (codeOf(error) !== 'BP001') return error
  const { message, detail } = error as { message: string; detail?: string }
  return new BullpenError(
    'PROMOTION_REFUSED',
    { ...move, reason: detail ?? 'no-decision', why: message },
    { cause: error },
  )
}

function fromRow({ overrideReason, overrideBy, ...decision }: Row): RecordedDecision {
  const override = overrideReason === null || overrideBy === null ? null : { reason: overrideReason, by: overrideBy }
  return { ...decision, override }
}
