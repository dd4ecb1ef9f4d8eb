/** Lets one party sleep until another rings. Check what you wait for, then wait, in one turn: no ring is missed. */
export class Bell {
  private wake: (() => void) | undefined

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }

  ring(): void {
    this.wake?.()
    this.wake = undefined
  }
}
