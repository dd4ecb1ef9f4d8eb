import type { WebhookEvent, WebhookFacts, WebhookKind } from './webhook-event.ts'
import type { WebhookFormat } from './webhook-endpoint.ts'

/** Longest line of a message, characters before they are escaped. */
const longestLine = 600

/** Longest text of a block of Slack, which takes 1 to 3,000 characters (docs.slack.dev, Text object), markup included. */
const longestBlock = 2900
/** Longest message for Telegram, which takes 1 to 4,096 characters (core.telegram.org/bots/api#sendmessage). */
const longestMessage = 4000

/** The body of a request that tells of an event in the format of its endpoint. Same event, same bytes. */
export function webhookBody(event: WebhookEvent, format: WebhookFormat): string {
  if (format === 'slack') return JSON.stringify(slackMessage(event))
  if (format === 'telegram') return JSON.stringify(telegramMessage(event))
  const { key, kind: type, at, facts: data } = event
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), key, data })
}

/** For people: what happened in one line, and what is known of it. */
export function inWords(event: WebhookEvent): { readonly title: string; readonly lines: readonly string[] } {
  const { title, told } = sentences[event.kind](event.facts)
  const rest = Object.entries(event.facts).filter(([name, value]) => !told.includes(name) && value !== null)
  return { title: shortened(title), lines: rest.map(([name, value]) => shortened(`${name}: ${String(value)}`)) }
}

/** A message of Slack's incoming webhooks: a plain text for notifications, the same as blocks. */
function slackMessage(event: WebhookEvent): object {
  const { title, lines } = inWords(event)
  // `verbatim`: what looks like an address, a channel or somebody's name stays text.
  const block = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })
  const head = `${marks[event.kind]} *${within(escaped(title), longestBlock)}*`
  const facts = within(lines.map(escaped).join('\n'), longestBlock)
  return { text: escaped(title), blocks: [block(head), ...(facts === '' ? [] : [block(facts)])] }
}

/** The body of Telegram's sendMessage; the chat is named in the endpoint's address. */
function telegramMessage(event: WebhookEvent): object {
  const { title, lines } = inWords(event)
  const text = [`${marks[event.kind]} <b>${escaped(title)}</b>`, ...lines.map(escaped)].join('\n')
  // Cut at a line, so that no tag is cut in two: the first line always fits.
  const whole = text.length <= longestMessage ? text : text.slice(0, text.lastIndexOf('\n', longestMessage))
  return { text: whole, parse_mode: 'HTML', link_preview_options: { is_disabled: true } }
}

const marks: Readonly<Record<WebhookKind, string>> = {
  'run.started': '▶️',
  'run.finished': '✅',
  'run.failed': '❌',
  'model.promoted': '🏆',
  'model.refused': '✋',
  'model.rolled-back': '↩️',
  'leak.found': '💸',
  'data.stale': '🕰️',
  'schedule.missed': '⏰',
  'webhook.test': '👋',
}

type Sentence = (facts: WebhookFacts) => { readonly title: string; readonly told: readonly string[] }

/** The title of each kind and the facts it tells, which are not listed again. */
const sentences: Readonly<Record<WebhookKind, Sentence>> = {
  'run.started': ({ run, symbol }) => ({
    title: `Run ${text(run)} started on ${text(symbol)}`,
    told: ['run', 'symbol'],
  }),
  'run.finished': ({ run, version }) => ({
    title: `Run ${text(run)} finished: model version ${text(version)}`,
    told: ['run', 'version'],
  }),
  'run.failed': ({ run, code }) => ({ title: `Run ${text(run)} failed: ${text(code)}`, told: ['run', 'code'] }),
  'model.promoted': ({ alias, version }) => ({
    title: `Version ${text(version)} is now ${text(alias)}`,
    told: ['alias', 'version'],
  }),
  'model.refused': ({ alias, version, reason }) => ({
    title: `Version ${text(version)} did not become ${text(alias)}: ${text(reason)}`,
    told: ['alias', 'version', 'reason'],
  }),
  'model.rolled-back': ({ alias, version }) => ({
    title: `${text(alias)} was rolled back to version ${text(version)}`,
    told: ['alias', 'version'],
  }),
  'leak.found': ({ target, count }) => ({
    title: `Leak at target ${text(target)}: ${text(count)} found`,
    told: ['target', 'count'],
  }),
  'data.stale': ({ series }) => ({ title: `No new candles of ${text(series)}`, told: ['series'] }),
  'schedule.missed': ({ schedule, due }) => ({
    title: `Schedule ${text(schedule)} missed its run of ${text(due)}`,
    told: ['schedule', 'due'],
  }),
  'webhook.test': () => ({ title: 'bullpen can reach this endpoint', told: [] }),
}

function text(value: WebhookFacts[string] | undefined): string {
  return value === undefined || value === null ? '?' : String(value)
}

function shortened(line: string): string {
  return line.length <= longestLine ? line : `${begin(line, longestLine - 1)}…`
}

/** What both "Formatting message text" (docs.slack.dev) and "HTML style" (core.telegram.org/bots/api) ask for. */
function escaped(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Escaped text of at most so many characters; no entity is cut in two. */
function within(text: string, most: number): string {
  return text.length <= most ? text : `${begin(text, most - 1).replace(/&[a-z]*$/, '')}…`
}

/** Its first so many characters; no pair that makes one character is cut in two. */
function begin(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}
