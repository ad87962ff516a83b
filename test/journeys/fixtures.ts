import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type APIRequestContext, test as base, type Page, type TestInfo } from '@playwright/test'
import { signIn } from './ada.ts'
import { productFromEnvironment } from './product.ts'

const SHOWN_LOG_BYTES = 4_000

interface WorkerFixtures {
  /** Requests of Ada, signed in. */
  ada: APIRequestContext
  /** What the pages of all tests so far complained of: errors thrown and errors on the console. */
  complaints: string[]
  /** Where downloads go. */
  folder: string
}

// Playwright reads what a fixture asks for off the pattern of its first parameter, also where that is nothing.
// biome-ignore-start lint/correctness/noEmptyPattern: see above
/** Playwright's test before the whole product. */
export const test = base.extend<{ productLog: undefined }, WorkerFixtures>({
  baseURL: async ({}, use) => use(productFromEnvironment().origin),

  page: async ({ page, complaints }, use) => {
    collectComplaints(page, complaints)
    await use(page)
  },

  productLog: [
    async ({}, use, testInfo) => {
      const { log } = productFromEnvironment()
      const { size } = await stat(log)
      await use(undefined)
      if (testInfo.status !== testInfo.expectedStatus) await showLog(log, size, testInfo)
    },
    { auto: true },
  ],

  ada: [
    async ({ playwright }, use) => {
      const request = await playwright.request.newContext({ baseURL: productFromEnvironment().origin })
      await signIn(request)
      await use(request)
      await request.dispose()
    },
    { scope: 'worker' },
  ],

  complaints: [async ({}, use) => use([]), { scope: 'worker' }],

  folder: [
    async ({}, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'studyhall-journey-files-'))
      await use(folder)
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
})
// biome-ignore-end lint/correctness/noEmptyPattern: see above

export function collectComplaints(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
}

/** What server, worker and pages logged during a test that failed: its end on the terminal, all of it attached. */
async function showLog(log: string, fromByte: number, testInfo: TestInfo): Promise<void> {
  const body = (await readFile(log)).subarray(fromByte)
  if (body.length === 0) return
  await testInfo.attach('product.log', { body, contentType: 'text/plain' })
  console.error(`The product's log during this test:\n${body.subarray(-SHOWN_LOG_BYTES)}`)
}
