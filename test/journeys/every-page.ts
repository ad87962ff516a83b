import { beforeAll, expect, test } from 'vitest'
import { lookAt, open } from './look-at.ts'
import {
  endOfRun,
  IDENTITY_IN_GALLERY,
  RETRIEVAL_RUN,
  SAMPLE_OF_IDENTITIES,
  unpackGalleryPicture,
} from './retrieval-run.ts'
import type { Visit } from './visit.ts'

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

/** Every page, empty and filled, light and dark, on a desktop and on a phone; to be called after the first run. */
export function lookAtEveryPage(visit: Visit): void {
  let complaintsBefore = 0
  beforeAll(async () => {
    complaintsBefore = visit.complaints.length
    const created = await visit.page.request.post('/graphql', {
      headers: { 'content-type': 'application/json', origin: visit.product.origin },
      data: {
        query: 'mutation { createTeam(input: { name: "Nothing yet" }) { team { slug } errors { message } } }',
      },
    })
    expect(await created.json()).toMatchObject({
      data: { createTeam: { team: { slug: EMPTY_TEAM }, errors: [] } },
    })
  })

  test.each(everyTeamPage)('%s of a team that has nothing yet is accessible and fits', async (path) => {
    await lookAt(visit.page, `/${EMPTY_TEAM}${path}`)
  })

  test.each(everyTeamPage)('%s of a team that has trained is accessible and fits', async (path) => {
    await lookAt(visit.page, `/ada${path}`)
  })

  test.each(runTabs)('a run’s page %s is accessible and fits', async (tab) => {
    await lookAt(visit.page, `/ada/runs/1${tab}`)
  })

  test('the page that tries a run’s students is accessible and fits', async () => {
    await lookAt(visit.page, '/ada/runs/1/try')
  })

  test.each([
    ['/datasets', 'Shapes'],
    ['/datasets', SAMPLE_OF_IDENTITIES],
    ['/cohorts', 'Two small ones'],
    ['/models', 'ada'],
    ['/models', 'Ensemble'],
    ['/models', 'joan'],
  ])('what %s leads to is accessible and fits', async (list, name) => {
    const { page } = visit
    await page.goto(`/ada${list}`)
    const href = await page.getByRole('link', { name, exact: true }).last().getAttribute('href')
    await lookAt(page, href ?? '')
  })

  test.each(['/ada/runs/99', '/ada/datasets/ds_0', '/somebody-elses-team'])(
    '%s answers as a thing that does not exist, accessibly',
    async (path) => {
      const { page } = visit
      await lookAt(page, path)
      await page.getByRole('heading', { name: /^There is no such/ }).waitFor()
    },
  )

  test('the grid of pictures is walked to its end by keyboard, and holds what is in sight', async () => {
    const { page } = visit
    await open(page, '/ada/datasets')
    await page.getByRole('link', { name: 'Fashion-MNIST sample', exact: true }).click()
    const grid = page.getByRole('grid', { name: 'Grid of pictures' })
    await grid.locator('[tabindex="0"]').focus()
    await page.keyboard.press('End')
    await page.locator('[data-position="4999"]:focus').waitFor()
    await page.locator('[data-position="4999"][aria-label^="trouser, train"]').waitFor()
    expect(await grid.getByRole('gridcell').count()).toBeLessThan(400)
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Edit with 1 chosen picture' }).waitFor()
  })

  test('the run of identities has succeeded by now', async () => {
    expect(await endOfRun(visit, RETRIEVAL_RUN)).toBe('SUCCEEDED')
  })

  test.each([
    ['?tab=evaluation', 'Queries'],
    ['/try', 'Nearest gallery pictures'],
  ])('the page %s of a run of identities is accessible and fits', async (tab, heading) => {
    const { page } = visit
    await lookAt(page, `/ada/runs/${RETRIEVAL_RUN}${tab}`)
    await page.getByRole('heading', { name: heading }).waitFor()
  })

  test('a picture of the gallery is found as itself by each student and by all together, in the browser', async () => {
    const { page } = visit
    await open(page, `/ada/runs/${RETRIEVAL_RUN}/try`)
    await page.getByLabel('Picture to try').setInputFiles(await unpackGalleryPicture(visit.folder))
    for (const who of ['joan', 'mary', 'All together']) {
      const row = page.getByRole('row', { name: new RegExp(`^${who}`) })
      await expect.poll(() => row.textContent(), { timeout: 60_000 }).toMatch(/0\.00\d.*\d ms/)
      expect(await row.textContent()).toContain(IDENTITY_IN_GALLERY)
    }
  })

  test('tabs begin with a link past the menu', async () => {
    const { page } = visit
    await open(page, '/ada')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Start a run')
  })

  test('the keyboard finds every page', async () => {
    const { page } = visit
    await open(page, '/ada')
    await page.keyboard.press('Control+K')
    await page.getByRole('textbox', { name: 'Find a page or a run' }).waitFor()
    await page.keyboard.type('Run 1')
    await page.getByText('Two small ones, succeeded').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/ada/runs/1')
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL('**/ada/models')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  test('signing out closes every door and comes back to where one was', async () => {
    const { page } = visit
    await open(page, '/ada')
    await page.getByRole('button', { name: 'Account of Ada' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')
    await page.goto('/ada/runs/1?tab=charts')
    await page.waitForURL('**/sign-in?next=*')
    await page.getByLabel('E-mail').fill('ada@example.org')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/ada/runs/1?tab=charts')
    await page.context().clearCookies()
  })

  test.each(signedOut)('%s is accessible and fits for a stranger', async (path) => {
    await lookAt(visit.page, path)
  })

  test('no page complained on the console', () => {
    // The browser itself reports the answer 404 to the address that does not exist.
    const complaints = visit.complaints
      .slice(complaintsBefore)
      .filter((said) => !/no\/such\/page.* 404 /.test(said))
    expect(complaints).toEqual([])
  })
}
