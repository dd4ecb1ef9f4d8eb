import { createRequire } from 'node:module'
import { accessSync, readFileSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Whether there is a browser to test with; says loudly when not. */
export function hasChromium(): boolean {
  try {
    accessSync(executable)
    return true
  } catch {
    process.stderr.write(
      `\n*** NO CHROMIUM at ${executable}: THE DASHBOARD IS NOT TESTED. apt-get install chromium ***\n\n`,
    )
    return false
  }
}

export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** A page, and everything about it that no healthy page has. */
export interface WatchedPage {
  readonly page: Page
  /** Errors on the console (refusals of the content security policy among them), exceptions, requests elsewhere. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

/** Opens an address in a fresh profile and watches it. */
export async function watch(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const faults: string[] = []
  const { origin } = new URL(url)
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`elsewhere: ${request.url()}`)
  })
  page.setDefaultTimeout(10_000)
  await page.goto(url)
  return { page, faults, close: () => context.close() }
}

/** What axe-core finds serious or critical on the page as it stands: rule and first element of each. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Evaluated through the debugger: the page's policy lets no script in.
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run({ resultTypes: ['violations'] })")
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}
