import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { signIn } from './ada.ts'
import { expectUsable, openPage } from './check-page.ts'
import { test } from './fixtures.ts'
import { takeUpWeights } from './given-weights.ts'
import { CHANGING_RUN_TABS, RUN_TABS } from './run-tabs.ts'
import { EMPTY_TEAM, openSeededTeam, RUN, SEEDED } from './seeded.ts'
import { startFork } from './start-fork.ts'

const RECORDED_RUN = 'web/features/welcome/recorded/run.json'
const signedOut = ['/', '/sign-in', '/sign-up', '/join', '/reset', '/docs/operations', '/shared/example']
const everyTeamPage = [
  '',
  '/datasets',
  '/cohorts',
  '/cohorts/new',
  '/runs',
  '/runs/new?prove=1',
  '/experiments',
  '/experiments/new',
  '/models',
  '/models?kind=ENSEMBLE&least=99',
  '/models/compare',
  '/weights',
  '/workers',
  '/members',
  '/settings',
  '/audit',
  '/audit?outcome=FAILED',
  '/usage',
]
const ownPages = ['/instance', '/join', '/account', '/device', '/graphql']
const listedPages = [
  ['/datasets', 'Fashion-MNIST sample'],
  ['/datasets', 'Omniglot sample'],
  ['/cohorts', 'Two who name clothes'],
  ['/models', 'ada'],
  ['/models', 'Ensemble'],
  ['/models', 'joan'],
] as const

/** Every page, empty and filled, light and dark, on a desktop and on a phone. */
test.describe('Every page', () => {
  test.use({ storageState: async ({ seeded }, use) => use(await seeded.storageState()) })

  for (const path of everyTeamPage)
    test(`/<team>${path} of a team that has nothing yet is accessible and fits`, async ({ visit }) => {
      await expectUsable(visit, `/${EMPTY_TEAM}${path}`)
    })

  for (const path of everyTeamPage)
    test(`/<team>${path} of a team that has trained is accessible and fits`, async ({ visit }) => {
      await expectUsable(visit, `${SEEDED}${path}`)
    })

  for (const [what, number, tabs] of [
    ['a finished run', RUN.labels, RUN_TABS],
    ['a run that failed', RUN.failed, CHANGING_RUN_TABS],
  ] as const)
    for (const tab of tabs)
      test(`/<team>/runs/${number}${tab} of ${what} is accessible and fits`, async ({ visit }) => {
        await expectUsable(visit, `${SEEDED}/runs/${number}${tab}`)
      })

  test('the page of an experiment is accessible and fits', async ({ visit }) => {
    const number = await startExperiment()
    await expectUsable(visit, `${SEEDED}/experiments/${number}`)
    await visit
      .getByRole('cell', { name: /Run \d+ queued/ })
      .first()
      .waitFor()
  })

  test('the page of a file of weights tells what it fits, is accessible and fits', async ({ visit }) => {
    const path = `${SEEDED}/weights/${await takeUpWeights()}`
    await visit.goto(path)
    // A worker reads it.
    await visit.getByRole('heading', { name: 'What it fits' }).waitFor()
    await visit.getByRole('cell', { name: '14 of 15 tensors' }).first().waitFor()
    await expectUsable(visit, path)
  })

  test('the page that tries a run’s students is accessible and fits', async ({ visit }) => {
    await expectUsable(visit, `${SEEDED}/runs/${RUN.labels}/try`)
  })

  test('the page that forks a run, and the page of a fork, are accessible and fit', async ({ visit }) => {
    const path = `${SEEDED}/runs/${RUN.labels}/fork`
    await visit.goto(path)
    // Two are the fewest that teach each other.
    await visit.getByRole('button', { name: 'Add student' }).click()
    await visit.getByRole('button', { name: 'Remove student 2' }).click()
    await expect(visit.getByRole('list', { name: 'Changes' }).getByRole('listitem')).toHaveText([
      'ada stays',
      'student-3 joins',
      'grace leaves',
    ])
    await expectUsable(visit, path)
    const fork = `${SEEDED}/runs/${await startFork()}`
    await visit.goto(fork)
    await visit.getByText('Whoever stayed is compared here').waitFor()
    await expectUsable(visit, fork)
  })

  for (const path of ownPages)
    test(`${path} is accessible and fits`, async ({ visit }) => {
      await expectUsable(visit, path)
    })

  test.describe('of the administrator', () => {
    test.use({ storageState: async ({ administrator }, use) => use(await administrator.storageState()) })

    for (const tab of [
      '',
      '?tab=people',
      '?tab=teams',
      '?tab=workers',
      '?tab=storage',
      '?tab=usage',
      '?tab=audit',
    ])
      test(`/instance${tab} is accessible and fits`, async ({ page }) => {
        await expectUsable(page, `/instance${tab}`)
      })
  })

  for (const [list, name] of listedPages)
    test(`${name}, which ${list} leads to, is accessible and fits`, async ({ visit }) => {
      await visit.goto(`${SEEDED}${list}`)
      const href = await visit.getByRole('link', { name, exact: true }).last().getAttribute('href')
      await expectUsable(visit, href ?? '')
    })

  for (const path of [`${SEEDED}/runs/99`, `${SEEDED}/datasets/ds_0`, '/somebody-elses-team'])
    test(`${path} answers as a thing that does not exist, accessibly`, async ({ visit }) => {
      await expectUsable(visit, path)
      await visit.getByRole('heading', { name: /^There is no such/ }).waitFor()
    })

  for (const [tab, heading] of [
    ['?tab=evaluation', 'Queries'],
    ['/try', 'Nearest gallery images'],
  ] as const)
    test(`the page ${tab} of a run of identities is accessible and fits`, async ({ visit }) => {
      await expectUsable(visit, `${SEEDED}/runs/${RUN.identities}${tab}`)
      await visit.getByRole('heading', { name: heading }).waitFor()
    })

  test.describe('signed out', () => {
    test.use({ storageState: { cookies: [], origins: [] } })

    test('signing out closes every door and comes back to where one was', async ({ page }) => {
      const { account } = await openSeededTeam()
      await signIn(page.request, account)
      await openPage(page, SEEDED)
      await page.getByRole('button', { name: `Account of ${account.name}` }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in')
      await page.goto(`${SEEDED}/runs/1?tab=charts`)
      await page.waitForURL('**/sign-in?next=*')
      await page.getByLabel('E-mail').fill(account.email)
      await page.getByLabel('Password', { exact: true }).fill(account.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(`**${SEEDED}/runs/1?tab=charts`)
    })

    test('the landing page replays a recorded run up to the figures that were measured', async ({ page }) => {
      await openPage(page, '/')
      const replay = page.getByRole('region', { name: 'A run, replayed' })
      const step = replay.getByRole('slider', { name: 'Step of the run' })
      const { progress, evaluation } = JSON.parse(await readFile(RECORDED_RUN, 'utf8')).run
      // Whoever wants less motion sees the end at once.
      await expect(step).toHaveValue(String(progress.steps))
      await step.press('Home')
      await replay.getByText('Running', { exact: true }).waitFor()
      await replay.getByRole('button', { name: 'Play', exact: true }).click()
      await expect.poll(async () => Number(await step.inputValue())).toBeGreaterThan(0)
      await step.press('End')
      await replay.getByText('Succeeded', { exact: true }).waitFor()
      const figures = evaluation.students.map(
        ({ name, top1 }: { name: string; top1: number }) => `${name} ${(100 * top1).toFixed(1)} %`,
      )
      await replay.getByRole('img', { name: `Last: ${figures.join(', ')}.` }).waitFor()
    })

    for (const path of signedOut)
      test(`${path} is accessible and fits for a stranger`, async ({ page }) => {
        await expectUsable(page, path)
      })
  })

  test.describe('at an address that does not exist', () => {
    // The browser itself reports the answer 404.
    test.use({ storageState: { cookies: [], origins: [] }, expectedComplaint: /no\/such\/page.* 404 / })

    test('is accessible and fits for a stranger', ({ page }) => expectUsable(page, '/no/such/page'))
  })

  test.describe('of an upload with a file that is no image', () => {
    test.use({ storageState: async ({ ada }, use) => use(await ada.storageState()) })

    test('is accessible and fits', async ({ page }) => {
      await page.goto('/ada/datasets')
      const href = await page.getByRole('link', { name: 'Shapes', exact: true }).last().getAttribute('href')
      await expectUsable(page, href ?? '')
    })
  })
})

/** An experiment that no worker takes. The same one however often it is asked for. @returns its number */
async function startExperiment(): Promise<number> {
  const { api, team } = await openSeededTeam()
  type Answer = { node: { datasets: { nodes: { kind: string; latestReadyVersion: { id: string } }[] } } }
  const { node } = await api.ask<Answer>(
    'query ($id: ID!) { node(id: $id) { ... on Team { datasets { nodes { kind latestReadyVersion { id } } } } } }',
    { id: team.id },
  )
  const dataset = node.datasets.nodes.find(({ kind }) => kind === 'CLASSIFICATION')
  const students = ['convnet-0.25', 'convnet-0.25']
  const experiment = {
    title: 'Does it help?',
    recipe: { preset: 'quick' },
    conditions: [{ name: 'clean' }],
    arms: ['INDEPENDENT', 'MUTUAL'].map((method) => ({ name: method, students, teaching: { method } })),
    seeds: [1, 2],
  }
  const input = {
    datasetVersionId: dataset?.latestReadyVersion.id,
    experiment,
    label: 'nobody',
    idempotencyKey: 'journeys',
  }
  type Started = { startExperiment: { experiment: { number: number } } }
  const { startExperiment } = await api.ask<Started>(
    'mutation ($input: StartExperimentInput!) { startExperiment(input: $input) { experiment { number } } }',
    { input },
  )
  return startExperiment.experiment.number
}
