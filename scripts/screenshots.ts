import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright-core'
import { toCandles, type Candle } from '#core/candles'
import { openClient, type Client } from '#client'
import { readConfig } from '#platform/config'
import { silentLogger } from '#platform/logging'
import { openCandleSource } from '#platform/market-data'
import { openService } from '../serving/main/open-service.ts'
import { serveDefaults } from '../serving/main/serve-options.ts'

/*
 * Takes the pictures of docs/dashboard.md. Everything in them is real: two versions trained by `bullpen weekly`, the
 * service as `bullpen serve` opens it, and the last candles sent one by one, each answered before the next is known. Only
 * the times of the sample (2020) are moved so that it ends now: otherwise every picture would warn of stale data.
 *
 *   npm run screenshots            about five minutes on two cores; CHROMIUM=/path when it is elsewhere
 */
const program = fileURLToPath(new URL('../coordinator/main/bullpen.js', import.meta.url))
const pictures = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'bullpen-screenshots-'))
const environment = { ...process.env, BULLPEN_HOME: home }
const series = { symbol: 'BTC/USDT', timeframe: '4h' } as const
/** Candles kept from the training, to be answered as they come. */
const streamed = 240
const widthMs = 14_400_000
const largestBytes = 300_000

const views = [
  { name: 'now', ready: 'Verdicts given' },
  { name: 'models', ready: 'Versions' },
  { name: 'runs', ready: 'Best trials' },
] as const
const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 1120 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 1120 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 1100 } },
] as const

/** When it is for this process; undefined: now. The parts of the service take Date.now when they are opened. */
const clock: { heldAt: number | undefined } = { heldAt: undefined }
const { now } = Date
Date.now = () => clock.heldAt ?? now()

async function main(): Promise<void> {
  const candles = await sampleEndingNow()
  const file = join(home, 'candles.csv')
  writeFileSync(file, csvOf(candles.slice(0, -streamed)))
  for (const [seed, trials] of [
    ['1', '8'],
    ['2', '6'],
  ] as const) {
    await bullpen(['weekly', '--candles', file, '--space', 'quick', '--trials', trials, '--seed', seed, ...named()])
  }
  const key = await bullpen(['keys', 'create', '--name', 'screenshots', '--scope', 'write'])
  const service = await openService(
    { ...serveDefaults, ...series, port: 0, candles: [file], corsOrigins: [], ratePerMinute: 0, noticeMs: 0 },
    {
      config: readConfig(environment, home),
      logger: silentLogger,
      onNote: () => undefined,
      signal: new AbortController().signal,
    },
  )
  try {
    await stream(openClient({ url: service.url, key: key.trim() }), candles.slice(-streamed))
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    })
    await takeAll(browser, service.url)
    await browser.close()
  } finally {
    await service.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function sampleEndingNow(): Promise<Candle[]> {
  const sample = await openCandleSource('sample:btcusdt-4h', { home })
  const candles = toCandles(sample)
  const newest = Math.floor(Date.now() / widthMs) * widthMs - widthMs
  const shift = newest - candles.at(-1)!.openTime
  return candles.map((candle) => ({ ...candle, openTime: candle.openTime + shift }))
}

function csvOf(candles: readonly Candle[]): string {
  const rows = candles.map(({ openTime, open, high, low, close, volume }) =>
    [openTime, open, high, low, close, volume].join(','),
  )
  return ['open_time,open,high,low,close,volume', ...rows, ''].join('\n')
}

function named(): string[] {
  return ['--symbol', series.symbol, '--timeframe', series.timeframe]
}

/** Runs a command to its end; answers what it printed. */
async function bullpen(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  const [status] = (await once(child, 'close')) as [number]
  if (status !== 0) throw new Error(`bullpen ${args[0]!} ended with ${status}`)
  return printed
}

/**
 * Sends candles one by one and asks for the verdict of each, as somebody would who follows them. The clock of this
 * process is held just after the close of each: a verdict given later than that earns nothing on the equity curve.
 */
async function stream(client: Client, candles: readonly Candle[]): Promise<void> {
  for (const { openTime, open, high, low, close, volume } of candles) {
    clock.heldAt = openTime + widthMs + 2000
    await client.sendCandles({ ...series, candles: [[openTime, open, high, low, close, volume]] })
    await client.verdict({ ...series })
  }
  clock.heldAt = undefined
}

async function takeAll(browser: Browser, url: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  for (const { name: look, ...options } of looks) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
    const page = await context.newPage()
    for (const { name, ready } of views) {
      await page.goto(`${url}/#/${name}`)
      await page.getByRole('heading', { name: ready }).waitFor()
      await page.getByText('Live', { exact: true }).waitFor()
      // Canvases are drawn in the frame after their data came.
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
      const path = join(pictures, `${name}-${look}.png`)
      await page.screenshot({ path })
      const bytes = statSync(path).size
      if (bytes > largestBytes) throw new Error(`${path} has ${bytes} bytes, more than ${largestBytes}`)
      process.stdout.write(`${path} ${bytes}\n`)
    }
    await context.close()
  }
}

await main()
