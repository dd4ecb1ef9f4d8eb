import type { Theme } from '../state/use-theme.ts'

const names = [
  'page',
  'panel',
  'ink',
  'muted',
  'axis',
  'grid',
  'buy',
  'sell',
  'hold',
  'accent',
  'kept',
  'dropped',
] as const

/** The colours of the style sheet's tokens, for what is drawn on a canvas. */
export type Paint = Readonly<Record<(typeof names)[number], string>>

/** What the tokens come to under a theme, as the browser resolves them. */
export function paintOf(theme: Theme): Paint {
  const probe = document.createElement('span')
  probe.style.colorScheme = theme
  document.body.append(probe)
  const resolve = (name: string): string => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const paint = Object.fromEntries(names.map((name) => [name, resolve(name)])) as Paint
  probe.remove()
  return paint
}

/** The font of the page, for the same. */
export function fontFamily(): string {
  return getComputedStyle(document.body).fontFamily
}
