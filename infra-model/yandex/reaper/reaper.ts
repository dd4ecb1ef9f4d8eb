/*
 * Runs inside Yandex Cloud, as a function: once a minute by a timer, and when a host leaves. It has no imports, for this
 * one file is all that is uploaded.
 */

const api = 'https://compute.api.cloud.yandex.net/compute/v1'

/** What a timer or a host sends, and what the function runs with. */
export interface ReaperEvent {
  /** Of a host's call: JSON `{"leave": "<instance id>"}`. */
  readonly body?: string
}
export interface ReaperContext {
  readonly token: { readonly access_token: string }
}

interface Thing {
  readonly id: string
  readonly labels?: Readonly<Record<string, string>>
}
interface Member {
  readonly id: string
  readonly instanceId: string
}

/**
 * Ends every group and Redis host of this base whose label `bullpen-expires` (s since the epoch) has passed. With
 * `leave`, takes that host out of its group, which shrinks by one; a host of another base is not found.
 */
export async function handler(event: ReaperEvent, context: ReaperContext) {
  const ask = asking(context.token.access_token)
  const leaving = leavingOf(event)
  const ended = leaving === null ? await endLapsed(ask) : await takeOut(leaving, ask)
  return { statusCode: 200, body: JSON.stringify({ ended }) }
}

type Ask = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>

async function endLapsed(ask: Ask): Promise<string[]> {
  const now = Date.now() / 1000
  const isLapsed = ({ labels }: Thing) => Number(labels?.['bullpen-expires']) <= now
  const groups = (await ours('instanceGroups', ask)).filter(isLapsed)
  const hosts = (await ours('instances', ask)).filter(
    (host) => host.labels?.['bullpen-kind'] === 'redis' && isLapsed(host),
  )
  for (const { id } of groups) await ask('DELETE', `instanceGroups/${id}`)
  for (const { id } of hosts) await ask('DELETE', `instances/${id}`)
  return [...groups, ...hosts].map(({ id }) => id)
}

async function takeOut(host: string, ask: Ask): Promise<string[]> {
  for (const { id } of await ours('instanceGroups', ask)) {
    const { instances = [] } = (await ask('GET', `instanceGroups/${id}/instances?pageSize=1000`)) as {
      instances?: Member[]
    }
    const member = instances.find(({ instanceId }) => instanceId === host)
    if (member === undefined) continue
    await ask('POST', `instanceGroups/${id}:deleteInstances`, { managedInstanceIds: [member.id], createAnother: false })
    return [host]
  }
  return []
}

/** Groups or hosts of this base, all pages. */
async function ours(what: 'instanceGroups' | 'instances', ask: Ask): Promise<Thing[]> {
  const found: Thing[] = []
  let page = ''
  do {
    const folder = encodeURIComponent(process.env['BULLPEN_FOLDER'] ?? '')
    const answer = await ask('GET', `${what}?folderId=${folder}&pageSize=1000&pageToken=${encodeURIComponent(page)}`)
    found.push(...((answer[what] as Thing[] | undefined) ?? []))
    page = (answer['nextPageToken'] as string | undefined) ?? ''
  } while (page !== '')
  return found.filter(({ labels }) => labels?.['bullpen-base'] === process.env['BULLPEN_BASE'])
}

function asking(token: string): Ask {
  return async (method, path, body) => {
    const answer = await fetch(`${process.env['BULLPEN_API'] ?? api}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(20_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    // Gone already is as good as ended; anything else makes the timer try again.
    if (!answer.ok && answer.status !== 404)
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.ok ? ((await answer.json()) as Record<string, unknown>) : {}
  }
}

function leavingOf({ body }: ReaperEvent): string | null {
  if (body === undefined || body === '') return null
  const { leave } = JSON.parse(body) as { leave?: unknown }
  if (typeof leave !== 'string' || !/^[a-z0-9]{1,64}$/.test(leave))
    throw new Error('leave is not the id of an instance')
  return leave
}
