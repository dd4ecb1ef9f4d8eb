import type { Page } from 'playwright-core'

// Asked of a page as text: the tests are compiled without the browser's types, so that no program of ours sees them.

/** How many pixels the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
}

export function backgroundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
}

/** All that the page keeps on disk, as text. */
export function keptOnDisk(page: Page): Promise<string> {
  return page.evaluate<string>('JSON.stringify({ ...localStorage }) + document.cookie')
}

/** What each colour token comes to, light and dark, as `rgb(...)`. */
export function drawnTokens(page: Page, names: readonly string[]): Promise<string[][]> {
  return page.evaluate<string[][]>(`(() => {
    const probe = document.body.appendChild(document.createElement('span'))
    return ['light', 'dark'].map((scheme) => {
      probe.style.colorScheme = scheme
      return ${JSON.stringify(names)}.map((name) => {
        probe.style.color = 'var(--' + name + ')'
        return getComputedStyle(probe).color
      })
    })
  })()`)
}

/** The focused element: its beginning as text and the style of the ring around it. Marks it as reached. */
export function reachFocused(
  page: Page,
): Promise<{ readonly html: string; readonly text: string; readonly ring: string }> {
  return page.evaluate<{ html: string; text: string; ring: string }>(`(() => {
    const focused = document.activeElement
    focused.setAttribute('data-reached', 'yes')
    const { outlineStyle: ring } = getComputedStyle(focused)
    return { html: focused.outerHTML.slice(0, 90), text: focused.textContent, ring }
  })()`)
}
