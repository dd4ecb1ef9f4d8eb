/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 gap`, `2 gaps`, `1,200 bytes`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}
