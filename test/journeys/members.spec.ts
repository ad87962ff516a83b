import { type Browser, expect, type Page } from '@playwright/test'
import { signIn } from './ada.ts'
import { collectComplaints, test } from './fixtures.ts'
import { productFromEnvironment } from './product.ts'

const PASSWORD = 'correct horse battery'
const OWNER = { name: 'Ola Owner', email: 'ola@example.org', password: PASSWORD }
const NEWCOMER = { name: 'Nia Newcomer', email: 'nia@example.org', password: PASSWORD }
const TEAM = '/ola-owner'
const CLOSES_WITHIN_MS = 5_000

test.describe
  .serial('Members', () => {
    let newcomer: Page
    let complaints: string[]

    test.beforeAll(async ({ browser, playwright }) => {
      const { origin } = productFromEnvironment()
      const request = await playwright.request.newContext({ baseURL: origin })
      expect((await request.post('/api/auth/sign-up/email', { data: OWNER })).ok()).toBe(true)
      await request.dispose()
      newcomer = await secondBrowser(browser, origin)
      complaints = collectComplaints(newcomer)
    })
    test.afterAll(async () => {
      await newcomer.context().close()
    })
    test.beforeEach(async ({ page }) => {
      await signIn(page.request, OWNER)
    })

    test('somebody is invited, makes an account in another browser, and joins', async ({ page }) => {
      await page.goto(`${TEAM}/members`)
      await page.getByRole('button', { name: 'Invite' }).click()
      await page.getByLabel('E-mail', { exact: true }).fill(NEWCOMER.email)
      await page.getByRole('button', { name: 'Send the invitation' }).click()
      const link = await page.getByLabel('Link', { exact: true }).inputValue()
      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByRole('cell', { name: NEWCOMER.email, exact: true }).waitFor()

      await newcomer.goto(link)
      await newcomer.getByRole('heading', { name: /^Join Ola Owner/ }).waitFor()
      await newcomer.getByRole('link', { name: 'Create an account' }).click()
      await newcomer.getByLabel('Name').fill(NEWCOMER.name)
      await newcomer.getByLabel('E-mail').fill(NEWCOMER.email)
      await newcomer.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await newcomer.getByRole('button', { name: 'Create account' }).click()
      await newcomer.getByRole('button', { name: `Join as ${NEWCOMER.name}` }).click()
      await newcomer.waitForURL(`**${TEAM}`)

      // The bell of the page that was open all the while.
      await page.getByRole('button', { name: 'Notices, 1 unread' }).click()
      await page.getByRole('link', { name: `Unread: ${NEWCOMER.name} joined` }).click()
      await page.getByRole('button', { name: 'Notices', exact: true }).waitFor()
      await page.getByRole('dialog', { name: 'Notices' }).waitFor({ state: 'hidden' })
    })

    test('a role that changes shows in the other browser, and whoever is removed sees the page close within 5 s', async ({
      page,
    }) => {
      await newcomer.goto(`${TEAM}/cohorts`)
      const build = newcomer.getByRole('link', { name: /cohort/i }).filter({ hasText: /build|new/i })
      await build.first().waitFor()
      await page.goto(`${TEAM}/members`)
      await page.getByRole('combobox', { name: `Role of ${NEWCOMER.name}` }).click()
      await page.getByRole('option', { name: 'Viewer' }).click()
      await expect.poll(() => build.count()).toBe(0)

      await page.getByRole('button', { name: `Actions for ${NEWCOMER.name}` }).click()
      await page.getByRole('menuitem', { name: 'Remove' }).click()
      await page.getByRole('button', { name: `Remove ${NEWCOMER.name}` }).click()
      await page.getByRole('cell', { name: NEWCOMER.email, exact: true }).waitFor({ state: 'hidden' })
      await newcomer
        .getByRole('heading', { name: 'There is no such team' })
        .waitFor({ timeout: CLOSES_WITHIN_MS })
      expect(complaints).toEqual([])
    })

    test('a service account gets a key that runs and uploads nothing, and both are listed', async ({
      page,
    }) => {
      await page.goto(`${TEAM}/settings`)
      await page.getByRole('button', { name: 'New service account' }).click()
      await page.getByLabel('Account name').fill('Nightly training')
      await page.getByRole('button', { name: 'Create service account' }).click()
      await page.getByRole('button', { name: 'New key of Nightly training' }).click()
      await page.getByLabel('Key name').fill('cron')
      for (const scope of ['Run', 'Upload']) await page.getByLabel(scope, { exact: true }).uncheck()
      await page.getByRole('button', { name: 'Create key' }).click()
      await expect(page.getByLabel('Secret')).toHaveValue(/^sh_/)
      await page.getByRole('button', { name: 'Done' }).click()
      const key = page.getByRole('row', { name: /^cron of Nightly training/ })
      await expect(key.getByRole('cell', { name: 'read', exact: true })).toBeVisible()
    })

    test('the team moves to another address, to which the old one leads', async ({ page }) => {
      await page.goto(`${TEAM}/settings`)
      await page.getByLabel('Address', { exact: true }).fill('ola-moved')
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      await page.waitForURL('**/ola-moved/settings')
      await page.goto(`${TEAM}/runs`)
      await page.waitForURL('**/ola-moved/runs')
    })

    test('the team is deleted only by typing its address, and kept after all', async ({ page }) => {
      await page.goto('/ola-moved/settings')
      await page.getByRole('button', { name: 'Delete the team' }).click()
      const dialog = page.getByRole('dialog')
      const confirm = dialog.getByRole('button', { name: 'Delete the team' })
      await expect(confirm).toBeDisabled()
      await dialog.getByRole('textbox').fill('ola-moved')
      await confirm.click()
      const notice = page.getByRole('alert').filter({ hasText: 'This team is deleted on' })
      await notice.getByRole('button', { name: 'Keep the team' }).click()
      await notice.waitFor({ state: 'hidden' })
      await page.getByRole('button', { name: 'Delete the team' }).waitFor()
    })
  })

async function secondBrowser(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({ baseURL })
  return context.newPage()
}
