/**
 * How far a service is.
 *
 *     starting ──▶ started ──▶ draining ──▶ closed
 *
 * `draining`: still answers, but /ready says no, so that nobody sends new requests here.
 */
export class ServiceState {
  private phase: 'starting' | 'started' | 'draining' = 'starting'

  get isStarted(): boolean {
    return this.phase !== 'starting'
  }

  get isDraining(): boolean {
    return this.phase === 'draining'
  }

  started(): void {
    if (this.phase === 'starting') this.phase = 'started'
  }

  draining(): void {
    this.phase = 'draining'
  }
}
