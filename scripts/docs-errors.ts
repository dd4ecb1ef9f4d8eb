/** Writes docs/errors.md from the error table; `npm test` fails when the committed page differs. */
import { writeFileSync } from 'node:fs'
import { errorTable } from '#core/errors'

/** The page: one row a code, alphabetical. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, e]) =>
        `| \`${code}\` | ${cell(e.message)} | ${cell(e.advice)} | ${e.exit} | ${e.http} | ${e.retryable ? 'yes' : 'no'} |`,
    )
  return [
    '# Error codes',
    '',
    'Every failure is one line: `bullpen: CODE: what happened. What to do`. With `--json` the same is a document on',
    'stdout, `{"error": {"code", "message", "advice", "details"}}`; `--verbose` adds the stack. Exit status 0 done,',
    '1 failed, 2 wrong usage, 130 interrupted. *Retryable* errors are tried again by the pool before they fail a task.',
    'This page is generated from `core/errors/table.ts` by `npm run docs:errors`.',
    '',
    '| code | what happened | what to do | exit | HTTP | retryable |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

if (process.argv[1] === import.meta.filename) writeFileSync('docs/errors.md', errorsPage())
