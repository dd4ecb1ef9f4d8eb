import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { tokens } from '../coordinator/report/tokens.ts'
import { StagedService } from '../serving/pages/testing/staged-service.ts'
import { backgroundOf, drawnTokens, keptOnDisk, overflowOf, reachFocused } from './testing/page-facts.ts'
import { hasChromium, openChromium, seriousViolations, watch, type WatchedPage } from './testing/browser.ts'

// The page in the states that a healthy service cannot be brought into at will.
const described = hasChromium() ? describe : describe.skip

described('the dashboard', () => {
  let browser: Browser
  let service: StagedService
  let address: string
  let watched: WatchedPage

  beforeAll(async () => {
    browser = await openChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    service = new StagedService()
    address = await service.start()
  })
  afterEach(async () => {
    await watched.close()
    await service.stop()
  })

  const open = async (place: string, options = {}) => {
    watched = await watch(browser, `${address}/#/${place}`, options)
    return watched.page
  }

  test('has the colours of the reports, light and dark', async () => {
    const page = await open('now')
    const drawn = await drawnTokens(page, Object.keys(tokens))
    const rgb = (hex: string) => `rgb(${[1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)).join(', ')})`
    expect(drawn).toEqual([0, 1].map((side) => Object.values(tokens).map((pair) => rgb(pair[side]!))))
  })

  test.each(['light', 'dark'] as const)(
    'has no serious fault for people who cannot see it, %s',
    async (colorScheme) => {
      const page = await open('now', { colorScheme })
      for (const [view, sign] of [
        ['now', 'Verdicts given'],
        ['models', 'Versions'],
        ['runs', 'Parallel coordinates'],
      ] as const) {
        await page.goto(`${address}/#/${view}`)
        await page.getByRole('heading', { name: sign }).waitFor()
        expect([view, await seriousViolations(page)]).toEqual([view, []])
      }
      expect(watched.faults).toEqual([])
    },
  )

  test('does not scroll sideways on a phone', async () => {
    const page = await open('now', { viewport: { width: 360, height: 780 } })
    for (const view of ['now', 'models', 'runs']) {
      await page.goto(`${address}/#/${view}`)
      await page.locator('.panel h2').first().waitFor()
      expect([view, await overflowOf(page)]).toEqual([view, 0])
    }
  })

  test('says what to do when there is no model, no candle, no version and no run', async () => {
    service.answers['/v1/series'] = { items: [] }
    service.answers['/v1/models'] = { items: [], champion: null, history: [] }
    service.answers['/v1/runs'] = { items: [] }
    service.answers['/v1/cluster'] = { hosts: [], threads: 0, busy: 0 }
    const page = await open('now')
    for (const [view, heading] of [
      ['now', 'No model answers yet'],
      ['models', 'No versions yet'],
      ['runs', 'No runs yet'],
    ] as const) {
      await page.goto(`${address}/#/${view}`)
      await page.getByRole('heading', { name: heading }).waitFor()
      expect(await page.locator('pre').innerText()).toContain('bullpen weekly --candles sample:btcusdt-4h')
      expect(await seriousViolations(page)).toEqual([])
    }
    expect(watched.faults).toEqual([])
  })

  test('shows skeletons while nothing has arrived', async () => {
    for (const path of Object.keys(service.answers)) if (path !== '/v1/series') service.silent.add(path)
    const page = await open('now')
    await page.getByRole('status', { name: 'Loading the verdict', exact: true }).waitFor()
    expect(await page.locator('.skeleton').count()).toBeGreaterThanOrEqual(4)
    expect(await seriousViolations(page)).toEqual([])
  })

  test('gives the code and advice of a failure, and tries again when asked', async () => {
    service.problems.set('/v1/models', {
      status: 503,
      code: 'DATABASE_UNAVAILABLE',
      detail: 'The database does not answer.',
      advice: 'Is PostgreSQL running?',
    })
    const page = await open('models')
    await page.getByText('Is PostgreSQL running?').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('DATABASE_UNAVAILABLE')
    service.problems.clear()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Version 3 is champion' }).waitFor()
  })

  test('keeps what it showed when it can no longer be brought up to date, and says so', async () => {
    const page = await open('now')
    await page.locator('.word').waitFor()
    service.problems.set('/v1/verdict/explain', { status: 503, code: 'VERDICT_FAILED', detail: 'The model failed.' })
    service.emit('verdict', {})
    await page.getByText('Not up to date: The model failed.').waitFor()
    expect(await page.locator('.word').innerText()).toMatch(/Sell|Hold|Buy/)
  })

  test('asks for a read key when the service does, and keeps it for the tab alone', async () => {
    service.readKey = 'open-sesame'
    const page = await open('models')
    await page.getByLabel('Read key').fill('wrong')
    await page.getByRole('button', { name: 'Use this key' }).click()
    await page.getByRole('heading', { name: 'This key does not open the service' }).waitFor()
    await page.getByLabel('Read key').fill('open-sesame')
    await page.getByRole('button', { name: 'Use this key' }).click()
    await page.getByRole('heading', { name: 'Version 3 is champion' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await keptOnDisk(page)).not.toContain('open-sesame')
  })

  test('warns above the verdict when the data is stale, also when only time tells', async () => {
    const explained = service.answers['/v1/verdict/explain'] as { dataAgeMs: number }
    explained.dataAgeMs = 2 * 4 * 3_600_000 - 1500
    const page = await open('now')
    await page.locator('.word').waitFor()
    await page.getByRole('alert').filter({ hasText: 'Stale.' }).waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('not for now')
  })

  test('says when it is cut off, comes back by itself and asks for what it missed', async () => {
    const page = await open('now')
    await page.getByText('Live', { exact: true }).waitFor()
    const explained = service.answers['/v1/verdict/explain'] as { verdict: string }
    explained.verdict = explained.verdict === 'buy' ? 'sell' : 'buy'
    service.cutOff()
    await page.getByText('Cut off').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('heading', { name: new RegExp(`^${explained.verdict}$`, 'i') }).waitFor()
  })

  test('lets one choose among several series, and shows the chosen one, also after a reload', async () => {
    const series = service.answers['/v1/series'] as { items: object[] }
    series.items.push({ ...series.items[0], symbol: 'ETH/USDT', timeframe: '1h' })
    const page = await open('now')
    const asked = page.waitForRequest((request) => /verdict\/explain\?.*ETH(%2F|\/)USDT/.test(request.url()))
    await page.getByLabel('Series').selectOption({ label: 'ETH/USDT 1h' })
    await asked
    await page.reload()
    await page.locator('.word').waitFor()
    expect(await page.getByLabel('Series').inputValue()).toBe('ETH/USDT@1h')
    expect(watched.faults).toEqual([])
  })

  test('draws trials as they end and hosts as they come, without loading anew', async () => {
    const path = Object.keys(service.answers).find((each) => each.startsWith('/v1/runs/'))!
    const run = service.answers[path] as { trials: { number: number; score: number }[] }
    const cluster = service.answers['/v1/cluster'] as { hosts: { host: string }[] }
    const page = await open('runs')
    await page.getByText('10 of 48').waitFor()
    run.trials.push({ ...run.trials[0]!, number: 48, score: 0.9 })
    cluster.hosts.push({ ...cluster.hosts[0]!, host: 'worker-3' })
    await page.getByText('10 of 49').waitFor()
    await page.getByText('Best score, trial 48').waitFor()
    // No score without what no skill reaches.
    expect(await page.locator('.figures div', { hasText: 'Naive' }).textContent()).toBe('Naive0.7787')
    await page.getByText('worker-3').waitFor()
    expect(await page.locator('.hosts > li').count()).toBe(3)
    expect(watched.faults).toEqual([])
  })

  test('says which version really answers while the champion is not taken', async () => {
    const series = service.answers['/v1/series'] as { items: { version: number }[] }
    series.items[0]!.version = 2
    const page = await open('models')
    await page.getByText('Version 2 still answers').waitFor()
  })

  test('tells of a refused model and of a rollback, and lets them be dismissed', async () => {
    const page = await open('models')
    await page.getByText('Live', { exact: true }).waitFor()
    service.emit('model-refused', { version: 4, code: 'MODEL_HASH_MISMATCH', reason: 'Its hash differs.' })
    service.emit('rollback', { from: 3, to: 2, reason: 'Non-finite scores.' })
    await page.getByText('Version 4 was refused').waitFor()
    await page.getByText('Rolled back to version 2').waitFor()
    await page.getByRole('button', { name: 'Dismiss: Version 4 was refused' }).click()
    await page.getByText('Version 4 was refused').waitFor({ state: 'detached' })
  })

  test('is reached by keyboard alone, beginning with a way past the masthead', async () => {
    const page = await open('models')
    await page.getByRole('heading', { name: 'Versions' }).waitFor()
    const reachable = await page.locator('a[href], button:not(:disabled), select, [tabindex="0"]').count()
    await page.keyboard.press('Tab')
    expect((await reachFocused(page)).text).toBe('Skip to the content')
    for (let i = 1; i < reachable; i++) {
      await page.keyboard.press('Tab')
      const { html, ring } = await reachFocused(page)
      expect([html, ring]).toEqual([html, 'solid'])
    }
    expect(await page.locator('[data-reached]').count()).toBe(reachable)
  })

  test('changes its theme by a switch and remembers it', async () => {
    const page = await open('now', { colorScheme: 'light' })
    const light = await backgroundOf(page)
    await page.getByRole('button', { name: 'Dark theme' }).click()
    expect(await backgroundOf(page)).not.toBe(light)
    await page.reload()
    await page.getByRole('button', { name: 'Light theme' }).waitFor()
    expect(await backgroundOf(page)).not.toBe(light)
  })
})
