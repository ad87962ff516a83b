import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import type { AxeResults, RunOptions } from 'axe-core'

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** Colours on their way from light to dark have a contrast of their own. */
const AT_ONCE = '*, ::before, ::after { transition: none !important }'

/** Loads a page and waits until nothing on it is still coming. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.setViewportSize(DESKTOP)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  // Asked from here, and often: `waitForFunction` evaluates text in the page, which the page's policy forbids.
  await expect
    .poll(() => page.locator('.mantine-Skeleton-root, [aria-busy=true]').count(), { intervals: [20, 50] })
    .toBe(0)
}

/** Accessible in light and in dark and no wider than a phone: all from one load. */
export async function expectUsable(page: Page, path: string): Promise<void> {
  await openPage(page, path)
  await page.evaluate(AXE)
  await page.addStyleTag({ content: AT_ONCE })
  await expectAccessible(page, `${path}, light, desktop`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
  await expectAccessible(page, `${path}, dark, desktop`, ['color-contrast'])
  await page.setViewportSize(PHONE)
  await expectAccessible(page, `${path}, dark, phone`)
  // Charts and tables follow the window a moment later.
  const width = () => page.locator('html').evaluate(({ scrollWidth }) => scrollWidth)
  await expect
    .poll(width, { message: `${path} scrolls sideways on a phone` })
    .toBeLessThanOrEqual(PHONE.width)
}

/** @param rules axe's; all of them unless given: another colour scheme can only change the contrast */
async function expectAccessible(page: Page, where: string, rules?: string[]): Promise<void> {
  const options: RunOptions = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) }
  const violations = await page.evaluate((asked) => {
    const { axe } = globalThis as never as { axe: { run(options: object): Promise<AxeResults> } }
    return axe.run(asked).then((results) => results.violations)
  }, options)
  const found = violations.map(({ id, impact, nodes }) => ({
    where,
    id,
    impact,
    nodes: nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)),
  }))
  expect(found).toEqual([])
}
