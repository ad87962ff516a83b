import { createOTP } from '@better-auth/utils/otp'
import { expect, type Page } from '@playwright/test'
import { signIn } from './ada.ts'
import { expectUsable } from './check-page.ts'
import { test } from './fixtures.ts'
import { ADMINISTRATOR, STUDENT } from './product.ts'

const PERSON = { name: 'Pia Person', email: 'pia@example.org', password: 'correct horse battery' }
const NEW_PASSWORD = 'seven blue herons waiting'

test.describe
  .serial('An account', () => {
    test('whose password is forgotten gets another one by mail, which the administrator hands on', async ({
      page,
      browser,
      baseURL,
    }) => {
      await page.request.post('/api/auth/sign-up/email', { data: PERSON })
      await page.context().clearCookies()
      await page.goto('/sign-in')
      await page.getByRole('link', { name: 'Forgot your password?' }).click()
      await page.getByRole('heading', { name: 'Reset your password' }).waitFor()
      await page.getByLabel('E-mail').fill(PERSON.email)
      await page.getByRole('button', { name: 'Send a link' }).click()
      await page.getByText('Look into your mailbox').waitFor()

      const administrator = await browser.newContext(baseURL ? { baseURL } : {})
      await signIn(administrator.request, ADMINISTRATOR)
      const outbox = await administrator.newPage()
      await expectUsable(outbox, '/instance')
      const mail = outbox.getByRole('listitem').filter({ hasText: PERSON.email }).first()
      await mail.getByRole('button', { name: 'Read' }).click()
      const [link = ''] = /http\S+\/reset#\S+/.exec((await mail.textContent()) ?? '') ?? []
      await administrator.close()

      await page.goto(link)
      await page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Set the password' }).click()
      await page.getByRole('link', { name: 'Sign in' }).click()
      await fillSignIn(page)
      await page.waitForURL('**/pia-person')
    })

    test('gets another address by the password, and a link that wants a session', async ({
      page,
      request,
    }) => {
      await signIn(page.request, { ...PERSON, password: NEW_PASSWORD })
      await page.goto('/account')
      const form = page.getByRole('form', { name: 'Your e-mail address' })
      await form.getByLabel('E-mail', { exact: true }).fill('pia@new.example.org')
      await form.getByRole('textbox', { name: 'Your password' }).fill(NEW_PASSWORD)
      await form.getByRole('button', { name: 'Change the e-mail' }).click()
      await form.getByText('Look into the mailbox of pia@new.example.org').waitFor()
      const opened = await request.get('/api/auth/verify-email?token=t', { maxRedirects: 0 })
      await page.goto(opened.headers().location ?? '')
      await form.getByText('open it once more').waitFor()
    })

    test('with a second factor wants a code after the password, or a recovery code', async ({ page }) => {
      await signIn(page.request, { ...PERSON, password: NEW_PASSWORD })
      await page.goto('/account')
      await page.getByRole('button', { name: 'Turn on' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'Your password' }).fill(NEW_PASSWORD)
      await dialog.getByRole('button', { name: 'Go on' }).click()
      const secret = decode(await dialog.getByLabel('Secret', { exact: true }).inputValue())
      await dialog.getByLabel('Code', { exact: true }).fill(await createOTP(secret).totp())
      await dialog.getByRole('button', { name: 'Turn it on' }).click()
      const codes = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
      const recovery = (await codes.first().textContent()) ?? ''
      await dialog.getByRole('button', { name: 'I have kept them' }).click()
      await page.getByRole('button', { name: 'Turn off' }).waitFor()
      await expectUsable(page, '/account')

      await page.context().clearCookies()
      await page.goto('/sign-in')
      await fillSignIn(page)
      await page.getByLabel('Code', { exact: true }).fill(await createOTP(secret).totp())
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL('**/pia-person')

      await page.context().clearCookies()
      await page.goto('/sign-in')
      await fillSignIn(page)
      await page.getByRole('button', { name: 'Use a recovery code' }).click()
      await page.getByRole('textbox', { name: 'Recovery code' }).fill(recovery)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL('**/pia-person')
      await expect.poll(() => page.title()).toContain('Studyhall')
    })
  })

test('whoever signs in by the provider has an account, and is told what is there in place of a password', async ({
  page,
}) => {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Continue with Test University' }).click()
  await page.getByLabel('Who are you?').fill(STUDENT.login)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL('**/sam-student')
  await expectUsable(page, '/account')
  await page.getByText('You can sign in by Test University.').waitFor()
  await page.getByText('Your account has no password').waitFor()

  await page.getByRole('button', { name: 'Account of Sam Student' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
  await page.goto('/sign-in?error=account_not_linked')
  await page.getByText('has an account here that Test University is not linked to').waitFor()
  await page.getByRole('button', { name: 'Continue with Test University' }).click()
  await page.waitForURL('**/sam-student')
  await page.goto('/account')
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the account' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect((await page.request.get('/api/auth/get-session')).ok()).toBe(true)
  expect(await (await page.request.get('/api/auth/get-session')).json()).toBeNull()
})

test('an administrator finds somebody among all people, suspends them, and lets them in again', async ({
  page,
  request,
}) => {
  const rex = { name: 'Rex Removable', email: 'rex@example.org', password: 'correct horse battery' }
  await request.post('/api/auth/sign-up/email', { data: rex })
  await signIn(page.request, ADMINISTRATOR)
  await page.goto('/instance?tab=people')
  await page.getByRole('textbox', { name: 'Name or e-mail' }).fill('REX@')
  await page.getByText('1 person found').waitFor()
  const row = page.getByRole('row', { name: /^Rex Removable/ })
  const choose = async (item: string, confirm: string) => {
    await page.getByRole('button', { name: 'Actions for Rex Removable' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await page.getByRole('dialog').getByRole('button', { name: confirm }).click()
  }
  await choose('Suspend', 'Suspend Rex Removable')
  await row.getByText('Suspended').waitFor()
  const session = await request.get('/api/auth/get-session')
  expect(await session.json()).toBeNull()
  await choose('Reactivate', 'Reactivate Rex Removable')
  await row.getByText('Suspended').waitFor({ state: 'detached' })
  await signIn(request, rex)
})

async function fillSignIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(PERSON.email)
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Base32, as authenticators take it. */
function decode(secret: string): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2))
  const bytes =
    bits
      .map((five) => five.padStart(5, '0'))
      .join('')
      .match(/.{8}/g) ?? []
  return bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('')
}
