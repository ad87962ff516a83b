import { expect } from '@playwright/test'
import { type Receiver, startReceiver } from '../server/webhooks/receiver.ts'
import { signIn } from './ada.ts'
import { expectUsable } from './check-page.ts'
import { test } from './fixtures.ts'
import { productFromEnvironment } from './product.ts'

const OWNER = { name: 'Hedy Hooks', email: 'hedy@example.org', password: 'correct horse battery' }
const TEAM = '/hedy-hooks'

let receiver: Receiver
test.beforeAll(async ({ playwright }) => {
  receiver = await startReceiver()
  const request = await playwright.request.newContext({ baseURL: productFromEnvironment().origin })
  expect((await request.post('/api/auth/sign-up/email', { data: OWNER })).ok()).toBe(true)
  await request.dispose()
})
test.afterAll(() => receiver.stop())

test('a webhook to a private address needs a setting; then a test arrives, the log says so, and it is sent again', async ({
  page,
}) => {
  await signIn(page.request, OWNER)
  await page.goto(`${TEAM}/settings`)
  await page.getByRole('button', { name: 'New webhook' }).click()
  const form = page.getByRole('form', { name: 'New webhook' })
  await form.getByLabel('Address').fill(receiver.url('/takes'))
  await form.getByRole('button', { name: 'Create webhook' }).click()
  await form.getByText('WEBHOOK_PRIVATE_HOSTS').waitFor()
  // The host that the product's setting names.
  const url = receiver.url('/takes').replace('127.0.0.1', 'localhost')
  await form.getByLabel('Address').fill(url)
  await form.getByRole('button', { name: 'Create webhook' }).click()
  expect(await page.getByLabel('Secret', { exact: true }).inputValue()).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('link', { name: url }).click()
  await page.getByRole('heading', { name: 'Nothing was posted yet' }).waitFor()
  await page.getByRole('button', { name: 'Send a test event' }).click()
  const deliveries = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem')
  await deliveries.filter({ hasText: 'delivered' }).getByText('test', { exact: true }).waitFor()
  expect(receiver.received.map(({ path }) => path)).toEqual(['/takes'])
  await deliveries.first().getByRole('button', { name: 'Request and response' }).click()
  await deliveries.first().getByText('Status 204').waitFor()

  await page.getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => receiver.received.length).toBe(2)
  expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body)
  await deliveries.filter({ hasText: 'delivered' }).nth(1).waitFor()
  await expectUsable(page, new URL(page.url()).pathname)
})
