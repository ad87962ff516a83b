import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { openBrowser } from './browser.ts'
import { startProduct, type TestProduct } from './product.ts'

const LAST_WORDS = 4_000

/** A person before the whole product, with one browser page that stays open from step to step. */
export interface Visit {
  product: TestProduct
  browser: Browser
  page: Page
  /** Where downloads go. */
  folder: string
  /** What the page complained of: errors thrown and errors on the console. */
  complaints: string[]
}

/** Starts product and browser before the file's tests and ends them after; the fields are there in the tests only. */
export function beginVisit(): Visit {
  const visit = { complaints: [] as string[] } as Visit
  let failed = false
  beforeAll(async () => {
    visit.folder = await mkdtemp(path.join(tmpdir(), 'studyhall-journey-files-'))
    visit.product = await startProduct()
    visit.browser = await openBrowser()
    const context = await visit.browser.newContext({ baseURL: visit.product.origin, colorScheme: 'light' })
    visit.page = await context.newPage()
    listen(visit.page, visit.complaints)
    visit.page.setDefaultTimeout(30_000)
  }, 120_000)
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail'
  })
  afterAll(async () => {
    if (failed) console.error(`The product’s last words:\n${visit.product.said().slice(-LAST_WORDS)}`)
    await visit.browser?.close()
    await visit.product?.stop()
    await rm(visit.folder, { recursive: true, force: true })
  })
  return visit
}

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
}
