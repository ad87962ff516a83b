import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type APIRequestContext,
  type BrowserContext,
  test as base,
  expect,
  type Page,
  type PlaywrightWorkerArgs,
  type TestInfo,
} from '@playwright/test'
import { ADA, signIn } from './ada.ts'
import { ADMINISTRATOR, productFromEnvironment } from './product.ts'
import { openSeededTeam } from './seeded.ts'

const SHOWN_LOG_BYTES = 4_000

interface TestFixtures {
  productLog: undefined
  /** A page of the seeded team's owner in a browser that has seen others: for tests that only look. */
  visit: Page
  /** What the test's page may complain of, if anything. */
  expectedComplaint: RegExp | null
}

interface WorkerFixtures {
  /** Requests of Ada, signed in. */
  ada: APIRequestContext
  /** The same of the instance's administrator. */
  administrator: APIRequestContext
  /** The same of whoever owns the seeded team. */
  seeded: APIRequestContext
  /** The browser of that owner, which keeps what it has loaded from test to test. */
  seededBrowser: BrowserContext
  /** Where downloads go. */
  folder: string
}

// Playwright reads what a fixture asks for off the pattern of its first parameter, also where that is nothing.
// biome-ignore-start lint/correctness/noEmptyPattern: see above
/** Playwright's test before the whole product. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  baseURL: async ({}, use) => use(productFromEnvironment().origin),

  /** A test fails, too, where its page complained. */
  page: async ({ page, expectedComplaint }, use) => {
    const complaints = collectComplaints(page)
    await use(page)
    expect(complaints.filter((said) => !expectedComplaint?.test(said))).toEqual([])
  },

  visit: async ({ seededBrowser, expectedComplaint }, use) => {
    const page = await seededBrowser.newPage()
    const complaints = collectComplaints(page)
    await use(page)
    await page.close()
    expect(complaints.filter((said) => !expectedComplaint?.test(said))).toEqual([])
  },

  expectedComplaint: [null, { option: true }],

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
      const request = await signedIn(playwright, ADA)
      await use(request)
      await request.dispose()
    },
    { scope: 'worker' },
  ],

  administrator: [
    async ({ playwright }, use) => {
      const request = await signedIn(playwright, ADMINISTRATOR)
      await use(request)
      await request.dispose()
    },
    { scope: 'worker' },
  ],

  seeded: [
    async ({ playwright }, use) => {
      const request = await signedIn(playwright, (await openSeededTeam()).account)
      await use(request)
      await request.dispose()
    },
    { scope: 'worker' },
  ],

  seededBrowser: [
    async ({ browser, seeded }, use) => {
      const { origin } = productFromEnvironment()
      const storageState = await seeded.storageState()
      const context = await browser.newContext({ baseURL: origin, storageState, colorScheme: 'light' })
      await use(context)
      await context.close()
    },
    { scope: 'worker' },
  ],

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

/** What the page will have complained of: errors thrown and errors on the console. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  return complaints
}

/** What server, worker and pages logged during a test that failed: its end on the terminal, all of it attached. */
async function showLog(log: string, fromByte: number, testInfo: TestInfo): Promise<void> {
  const body = (await readFile(log)).subarray(fromByte)
  if (body.length === 0) return
  await testInfo.attach('product.log', { body, contentType: 'text/plain' })
  console.error(`The product's log during this test:\n${body.subarray(-SHOWN_LOG_BYTES)}`)
}

async function signedIn(
  { request }: PlaywrightWorkerArgs['playwright'],
  account: { email: string; password: string },
): Promise<APIRequestContext> {
  const context = await request.newContext({ baseURL: productFromEnvironment().origin })
  await signIn(context, account)
  return context
}
