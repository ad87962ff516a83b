import { type APIRequestContext, expect } from '@playwright/test'
import { ADA, ask, signIn } from './ada.ts'
import { expectUsable, openPage } from './check-page.ts'
import { test } from './fixtures.ts'
import {
  endOfRun,
  IDENTITY_IN_GALLERY,
  RETRIEVAL_RUN,
  SAMPLE_OF_IDENTITIES,
  unpackGalleryPicture,
} from './retrieval-run.ts'

const EMPTY_TEAM = 'nothing-yet'

const signedOut = ['/', '/sign-in', '/sign-up', '/no/such/page']
const everyTeamPage = [
  '',
  '/datasets',
  '/cohorts',
  '/cohorts/new',
  '/runs',
  '/runs/new',
  '/models',
  '/models?kind=ENSEMBLE&least=99',
  '/models/compare',
  '/workers',
  '/settings',
]
const runTabs = [
  '',
  '?tab=charts',
  '?tab=evaluation',
  '?tab=models',
  '?tab=history',
  '?tab=log',
  '?tab=config',
]

const listedPages = [
  ['/datasets', 'Shapes'],
  ['/datasets', SAMPLE_OF_IDENTITIES],
  ['/cohorts', 'Two small ones'],
  ['/models', 'ada'],
  ['/models', 'Ensemble'],
  ['/models', 'joan'],
] as const

/** Unless it is there: a test that failed is followed by another process, which begins here again. */
async function ensureEmptyTeam(ada: APIRequestContext): Promise<void> {
  const { team } = await ask<{ team: object | null }>(ada, `{ team(slug: "${EMPTY_TEAM}") { id } }`)
  if (team) return
  const mutation =
    'mutation { createTeam(input: { name: "Nothing yet" }) { team { slug } errors { message } } }'
  expect(await ask(ada, mutation)).toMatchObject({
    createTeam: { team: { slug: EMPTY_TEAM }, errors: [] },
  })
}

/** Every page, empty and filled, light and dark, on a desktop and on a phone. */
test.describe('Every page', () => {
  test.use({ storageState: async ({ ada }, use) => use(await ada.storageState()) })

  test.beforeAll(({ ada }) => ensureEmptyTeam(ada))

  for (const path of everyTeamPage)
    test(`/<team>${path} of a team that has nothing yet is accessible and fits`, async ({ page }) => {
      await expectUsable(page, `/${EMPTY_TEAM}${path}`)
    })

  for (const path of everyTeamPage)
    test(`/<team>${path} of a team that has trained is accessible and fits`, async ({ page }) => {
      await expectUsable(page, `/ada${path}`)
    })

  for (const tab of runTabs)
    test(`/<team>/runs/1${tab} is accessible and fits`, async ({ page }) => {
      await expectUsable(page, `/ada/runs/1${tab}`)
    })

  test('the page that tries a run’s students is accessible and fits', async ({ page }) => {
    await expectUsable(page, '/ada/runs/1/try')
  })

  for (const [list, name] of listedPages)
    test(`${name}, which ${list} leads to, is accessible and fits`, async ({ page }) => {
      await page.goto(`/ada${list}`)
      const href = await page.getByRole('link', { name, exact: true }).last().getAttribute('href')
      await expectUsable(page, href ?? '')
    })

  for (const path of ['/ada/runs/99', '/ada/datasets/ds_0', '/somebody-elses-team'])
    test(`${path} answers as a thing that does not exist, accessibly`, async ({ page }) => {
      await expectUsable(page, path)
      await page.getByRole('heading', { name: /^There is no such/ }).waitFor()
    })

  test('the grid of images is walked to its end by keyboard, and holds what is in sight', async ({
    page,
  }) => {
    await openPage(page, '/ada/datasets')
    await page.getByRole('link', { name: 'Fashion-MNIST sample', exact: true }).click()
    const grid = page.getByRole('grid', { name: 'Grid of images' })
    await grid.locator('[tabindex="0"]').focus()
    await page.keyboard.press('End')
    await page.locator('[data-position="4999"]:focus').waitFor()
    await page.locator('[data-position="4999"][aria-label^="trouser, train"]').waitFor()
    expect(await grid.getByRole('gridcell').count()).toBeLessThan(400)
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Edit with 1 chosen image' }).waitFor()
  })

  test('the run of identities has succeeded by now', async ({ ada }) => {
    expect(await endOfRun(ada, RETRIEVAL_RUN)).toBe('SUCCEEDED')
  })

  for (const [tab, heading] of [
    ['?tab=evaluation', 'Queries'],
    ['/try', 'Nearest gallery images'],
  ] as const)
    test(`the page ${tab} of a run of identities is accessible and fits`, async ({ page }) => {
      await expectUsable(page, `/ada/runs/${RETRIEVAL_RUN}${tab}`)
      await page.getByRole('heading', { name: heading }).waitFor()
    })

  test('an image of the gallery is found as itself by each student and by all together, in the browser', async ({
    page,
    folder,
  }) => {
    // Three networks are compiled by the browser.
    test.slow()
    await openPage(page, `/ada/runs/${RETRIEVAL_RUN}/try`)
    await page.getByLabel('Image to try').setInputFiles(await unpackGalleryPicture(folder))
    for (const who of ['joan', 'mary', 'All together']) {
      const row = page.getByRole('row', { name: new RegExp(`^${who}`) })
      await expect.poll(() => row.textContent(), { timeout: 60_000 }).toMatch(/0\.00\d.*\d ms/)
      expect(await row.textContent()).toContain(IDENTITY_IN_GALLERY)
    }
  })

  test('tabs begin with a link past the menu', async ({ page }) => {
    await openPage(page, '/ada')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Start a run')
  })

  test('the keyboard finds every page', async ({ page }) => {
    await openPage(page, '/ada')
    await page.keyboard.press('Control+K')
    await page.getByRole('textbox', { name: 'Find anything by name' }).waitFor()
    await page.keyboard.type('Run 1')
    await page.getByText('Two small ones, succeeded').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/ada/runs/1')
    await page.getByRole('textbox', { name: 'Find anything by name' }).waitFor({ state: 'hidden' })
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL('**/ada/models')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  test.describe('signed out', () => {
    test.use({ storageState: { cookies: [], origins: [] } })

    test('signing out closes every door and comes back to where one was', async ({ page }) => {
      await signIn(page.request)
      await openPage(page, '/ada')
      await page.getByRole('button', { name: 'Account of Ada' }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in')
      await page.goto('/ada/runs/1?tab=charts')
      await page.waitForURL('**/sign-in?next=*')
      await page.getByLabel('E-mail').fill(ADA.email)
      await page.getByLabel('Password', { exact: true }).fill(ADA.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL('**/ada/runs/1?tab=charts')
    })

    for (const path of signedOut)
      test(`${path} is accessible and fits for a stranger`, async ({ page }) => {
        await expectUsable(page, path)
      })
  })

  test('no page complained on the console', async ({ complaints }) => {
    // The browser itself reports the answer 404 to the address that does not exist.
    const unexpected = complaints.filter((said) => !/no\/such\/page.* 404 /.test(said))
    expect(unexpected).toEqual([])
  })
})
