import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { hasChromium, openChromium, watch, type WatchedPage } from './testing/browser.ts'
import { openDashboardService, type DashboardService } from './testing/dashboard-service.ts'

// The page as the service shows it: PostgreSQL, two trained models, events, keys; nothing laid out by hand.
const described = hasChromium() ? describe : describe.skip

described('the dashboard of a running service', () => {
  let browser: Browser
  let service: DashboardService
  let watched: WatchedPage

  beforeAll(async () => {
    ;[browser, service] = await Promise.all([openChromium(), openDashboardService()])
  })
  afterEach(() => watched.close())
  afterAll(async () => {
    await Promise.allSettled([browser.close(), service.close()])
  })

  const open = async (view: string): Promise<Page> => {
    watched = await watch(browser, `${service.url}/#/${view}`)
    return watched.page
  }

  test('shows the verdict with its probabilities and reasons, candles, equity and the log', async () => {
    const page = await open('now')
    await page.getByRole('heading', { name: /^(Sell|Hold|Buy)$/ }).waitFor()
    const odds = await page.locator('.odds dd').allInnerTexts()
    const sum = odds.map((text) => parseFloat(text)).reduce((a, b) => a + b)
    expect(sum).toBeGreaterThan(99.7)
    expect(sum).toBeLessThan(100.3)
    expect(await page.locator('.bars tbody tr').count()).toBe(11)
    await page
      .getByText(/speaks (for|against)/)
      .first()
      .waitFor()
    await page.getByRole('img', { name: /500 candles from/ }).waitFor()
    await page.getByRole('heading', { name: 'Verdicts given' }).waitFor()
    expect(watched.faults).toEqual([])
  })

  test('shows a verdict that arrives without loading anew', async () => {
    const page = await open('now')
    await page.locator('.word').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    const before = await page.locator('.verdict .eyebrow').innerText()
    await page.evaluate("globalThis.sameDocument = 'yes'")
    const candle = await service.sendCandle()
    const close = candle.close.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    await page.locator('.verdict .facts').getByText(close, { exact: true }).waitFor()
    expect(await page.locator('.verdict .eyebrow').innerText()).not.toBe(before)
    expect(await page.locator('.verdict-log tbody tr').count()).toBeGreaterThan(1)
    expect(await page.evaluate('globalThis.sameDocument')).toBe('yes')
    expect(watched.faults).toEqual([])
  })

  test('promotes and rolls back, with a reason and a key that stays in memory', async () => {
    const page = await open('models')
    await page.getByRole('heading', { name: 'Version 1 is champion' }).waitFor()
    const dialog = page.getByRole('dialog')

    await page.getByRole('button', { name: 'Promote version 2' }).click()
    await dialog.getByLabel('Reason, for the history').fill('the desk wants it')
    await dialog.getByLabel('Admin key').fill('bp_wrong_key')
    const promote = dialog.getByRole('button', { name: 'Promote version 2' })
    await promote.click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Admin key').fill(service.adminKey)
    await promote.click()
    // The gate held version 2 back when it was registered: against it only on purpose.
    await dialog.getByLabel('Promote it against the gate.').check()
    await promote.click()
    await page.getByRole('heading', { name: 'Version 2 is champion' }).waitFor()
    await page.getByText('the desk wants it').waitFor()
    await page.getByText('Version 2 answers now').waitFor()

    await page.getByRole('button', { name: 'Roll back…' }).click()
    await dialog.getByLabel('Reason, for the history').fill('it lost money on Monday')
    await dialog.getByRole('button', { name: 'Roll back the champion' }).click()
    await page.getByRole('heading', { name: 'Version 1 is champion' }).waitFor()
    await page.getByText('it lost money on Monday').waitFor()
    await page.getByText('Version 1 answers now').waitFor()
    expect(await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(
      service.adminKey,
    )
    // The two refusals are the only faults: the browser itself writes them to the console.
    expect(watched.faults.map((fault) => /status of (\d+)/.exec(fault)?.[1])).toEqual(['401', '409'])
  })

  test('shows the report of a version where nothing in it runs', async () => {
    const page = await open('models')
    await page.getByRole('button', { name: 'Report of version 2' }).click()
    const report = page.frameLocator('.report-dialog iframe').frameLocator('iframe')
    await report.getByRole('heading', { name: 'Report of the run' }).waitFor()
    expect(await report.locator('body').evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 103, 165)')
    expect(await page.title()).toBe('Models · bullpen')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Report of version 1' }).click()
    await page.frameLocator('.report-dialog iframe').getByText('report').waitFor()
  })

  test('shows a search with its trials and goes on as they arrive', async () => {
    const page = await open('runs')
    await page.getByRole('heading', { name: '20260207-120000-bbbbbb' }).waitFor()
    await page.getByRole('img', { name: /Scores of 12 trials: 11 complete, 1 pruned/ }).waitFor()
    await page.getByRole('img', { name: /12 trials across .*maxDepth/ }).waitFor()
    expect(await page.locator('.stepper [aria-current=step]').innerText()).toContain('search')
    await page.getByText('None was heard of within the last hour').waitFor()
    expect(watched.faults).toEqual([])
  })
})
