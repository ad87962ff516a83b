import { type ChildProcess, spawn } from 'node:child_process'
import { chromium, type Page } from '@playwright/test'
import { findChromium } from '../../setup/install/install-chromium.mjs'
import { programArguments } from '../../start/program.ts'
import { addCohortAndVersion, addHeldRun, findFreePort, openScene, type Person } from './scene.ts'

const STUDENTS = 4
const NAMES = ['loss', 'labelLoss', 'mutualLoss', 'trainTop1', 'testTop1', 'testLoss']
const RUNS = 8
const TIMES = 5

/**
 * How long a page takes to answer a hand: for clicks from the input to the next picture, as the browser's event timing has
 * it; for the pointer over a chart the longest gap between two pictures. Medians of a few, of the built pages in Chromium;
 * `longestGap` is the longest after any click, in which charts are drawn anew.
 * @param points  of each curve
 */
export async function measureHands(points: number): Promise<object> {
  const port = await findFreePort()
  const origin = `http://localhost:${port}`
  const scene = await openScene(origin)
  const pages = startPages(port, origin, scene.apiUrl)
  try {
    const person = await scene.signUp('ada')
    const parts = await addCohortAndVersion(scene.database, person, STUDENTS)
    const numbers: number[] = []
    for (let i = 0; i < RUNS; i++) {
      const { runId, number } = await addHeldRun(scene.database, person, parts)
      numbers.push(number)
      await scene.database.$executeRaw`
        INSERT INTO "MetricChunk"
          ("teamId", "runId", student, name, "firstStep", "lastStep", steps, "values", "eventSeq")
        SELECT ${person.teamId}, ${runId}, student, name, 1, ${points}, array_agg(step ORDER BY step),
          array_agg(0.5 + 0.4 * sin(step * 0.01) + 0.1 * random() ORDER BY step), 1
        FROM generate_series(0, ${STUDENTS - 1}::int) AS student, unnest(${NAMES}::text[]) AS name,
          generate_series(1, ${points}::int) AS step GROUP BY student, name`
    }
    const { slug } = await scene.database.team.findUniqueOrThrow({ where: { id: person.teamId } })
    return await measureInBrowser(origin, person, {
      run: `/${slug}/runs/${numbers[0]}?tab=charts`,
      compare: `/${slug}/runs/compare?runs=${numbers.join(',')}`,
    })
  } finally {
    pages.kill()
    await scene.close()
  }
}

function startPages(port: number, origin: string, apiUrl: string): ChildProcess {
  const own = { STUDYHALL_WEB_PORT: String(port), STUDYHALL_API_ORIGIN: apiUrl, PUBLIC_ORIGIN: origin }
  return spawn(process.execPath, programArguments('web'), {
    env: { ...process.env, ...own, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function measureInBrowser(
  origin: string,
  { cookie }: Person,
  paths: Record<string, string>,
): Promise<object> {
  const executablePath = findChromium()
  if (!executablePath)
    throw new Error('There is no Chromium: `npm run test:journeys` installs it, or says how.')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const cookies = cookie.split('; ').map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return { name, value: value.join('='), url: origin }
    })
    await context.addCookies(cookies)
    await context.addInitScript({ content: WATCH })
    const measured: Record<string, object> = {}
    for (const [name, path] of Object.entries(paths)) {
      const page = await context.newPage()
      await openWhenUp(page, `${origin}${path}`)
      await page.locator('.u-over').nth(1).waitFor()
      measured[name] = await handle(page, name)
      await page.close()
    }
    return measured
  } finally {
    await browser.close()
  }
}

async function openWhenUp(page: Page, url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const failed = await page.goto(url).then(
      () => null,
      (error: Error) => error,
    )
    if (!failed) return
    if (tries === 120) throw failed
    await page.waitForTimeout(250)
  }
}

/** Milliseconds by what is done. */
async function handle(page: Page, name: string): Promise<Record<string, number>> {
  const legend = page.locator('ul button[aria-pressed]').first()
  const log = page.getByRole('switch', { name: 'Logarithmic loss' })
  const axis = (label: string) => page.getByText(label, { exact: true }).first()
  const tab = (label: string) => page.getByRole('tab', { name: label })
  const toggles: Record<string, () => Promise<void>> = {
    hideLine: () => legend.click(),
    logarithmic: () => log.click(),
  }
  const found: Record<string, number> = { pointer: await medianOf(() => movePointer(page)) }
  for (const [what, act] of Object.entries(toggles)) found[what] = await medianOf(() => timed(page, act))
  found.axis = await medianOf(async () =>
    Math.max(await timed(page, () => axis('Time').click()), await timed(page, () => axis('Steps').click())),
  )
  found.zoom = await medianOf(() => timed(page, () => zoom(page)))
  if (name === 'run')
    found.tab = await medianOf(async () => {
      const away = await timed(page, () => tab('Overview').click())
      return Math.max(away, await timed(page, () => tab('Charts').click()))
    })
  found.longestGap = Math.max(...longestGapsMs.splice(0))
  return found
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < TIMES; i++) all.push(await measure())
  return all.toSorted((a, b) => a - b)[TIMES >> 1] ?? 0
}

interface Watched {
  longestEventMs: number
  longestGapMs: number
}

/** Runs in the page, before any script of its own; as text, because what compiles this file adds helpers of its own. */
const WATCH = `(() => {
  const watched = { longestEventMs: 0, longestGapMs: 0 }
  globalThis.watched = watched
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      watched.longestEventMs = Math.max(watched.longestEventMs, duration)
  }).observe({ type: 'event', durationThreshold: 16 })
  let before = 0
  const onFrame = (now) => {
    if (before) watched.longestGapMs = Math.max(watched.longestGapMs, now - before)
    before = now
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
})()`

async function reset(page: Page): Promise<void> {
  await page.waitForTimeout(300)
  await page.evaluate(() =>
    Object.assign((globalThis as never as { watched: Watched }).watched, {
      longestEventMs: 0,
      longestGapMs: 0,
    }),
  )
}

function read(page: Page): Promise<Watched> {
  return page.evaluate(() => (globalThis as never as { watched: Watched }).watched)
}

/** Of each click: what is drawn after the browser's first answer counts here. */
const longestGapsMs: number[] = []

async function timed(page: Page, act: () => Promise<void>): Promise<number> {
  await reset(page)
  await act()
  await page.waitForTimeout(700)
  const { longestEventMs, longestGapMs } = await read(page)
  longestGapsMs.push(longestGapMs)
  return longestEventMs
}

async function movePointer(page: Page): Promise<number> {
  const { x, y, width, height } = await firstPlot(page)
  await reset(page)
  for (let i = 1; i <= 30; i++) await page.mouse.move(x + (width * i) / 31, y + height / 2)
  const { longestGapMs } = await read(page)
  await page.mouse.move(0, 0)
  return longestGapMs
}

async function zoom(page: Page): Promise<void> {
  const { x, y, width, height } = await firstPlot(page)
  await page.mouse.move(x + width * 0.3, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 4 })
  await page.mouse.up()
}

async function firstPlot(page: Page) {
  const plot = page.locator('.u-over').first()
  await plot.scrollIntoViewIfNeeded()
  const box = await plot.boundingBox()
  if (!box) throw new Error('the page shows no chart')
  return box
}
