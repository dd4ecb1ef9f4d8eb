import type { Notice, NoticeSource } from './notice-source.ts'

/** Where every EC2 instance finds its metadata. */
const metadataAddress = 'http://169.254.169.254'

/** How long a session token is asked for, s: the most AWS gives. */
const tokenSeconds = 21_600

/** The service is on the host itself: what takes longer will not come. */
const answerWithinMs = 2000

/**
 * Notices of an AWS spot instance: that it is to be interrupted (two minutes before), or that AWS recommends leaving it
 * (earlier, without a time). Metadata service version 2: every question carries a session token.
 */
export class AwsNotice implements NoticeSource {
  readonly describe: string
  private readonly address: string
  private token: string | null = null

  constructor(address: string = metadataAddress) {
    this.address = address
    this.describe = `the instance metadata at ${address}`
  }

  async check(signal: AbortSignal): Promise<Notice | null> {
    const action = await this.ask('spot/instance-action', signal)
    if (action !== null) {
      const { action: what = 'interrupt', time } = JSON.parse(action) as { action?: string; time?: string }
      const at = Date.parse(time ?? '')
      return { reason: `spot notice: ${what}${time ? ` at ${time}` : ''}`, at: Number.isNaN(at) ? null : at }
    }
    const rebalance = await this.ask('events/recommendations/rebalance', signal)
    return rebalance === null ? null : { reason: 'spot rebalance recommendation', at: null }
  }

  /** The document at a path, null when there is none. */
  private async ask(path: string, signal: AbortSignal): Promise<string | null> {
    this.token ??= await this.newToken(signal)
    const answer = await this.send(`meta-data/${path}`, { 'X-aws-ec2-metadata-token': this.token }, 'GET', signal)
    if (answer.status === 404) return null
    if (answer.status === 200) return answer.text
    this.token = null // 401: it ran out; the next check asks for another
    throw new Error(`${path} answered ${answer.status}`)
  }

  private async newToken(signal: AbortSignal): Promise<string> {
    const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': String(tokenSeconds) }
    const { status, text } = await this.send('api/token', headers, 'PUT', signal)
    if (status !== 200) throw new Error(`no session token: status ${status}`)
    return text
  }

  private async send(path: string, headers: Record<string, string>, method: string, signal: AbortSignal) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)])
    const response = await fetch(`${this.address}/latest/${path}`, { method, headers, signal: within })
    return { status: response.status, text: await response.text() }
  }
}
