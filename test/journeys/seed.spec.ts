import { expect } from '@playwright/test'
import { seedTeam } from '../../scripts/seed/seed-team.ts'
import { ask } from './ada.ts'
import { test } from './fixtures.ts'
import { EMPTY_TEAM, openSeededTeam, RUN } from './seeded.ts'

const RUNS = [
  [RUN.labels, 'SUCCEEDED'],
  [RUN.identities, 'SUCCEEDED'],
  [RUN.failed, 'FAILED'],
  [RUN.running, 'RUNNING'],
]

test.describe('What `npm run seed` makes', () => {
  test.describe.configure({ mode: 'serial' })

  test('is a team with data of both kinds, two finished runs, one that failed and one that trains', async () => {
    const { datasets, runs } = await seedTeam(await openSeededTeam())
    expect(datasets.map(({ name }) => name)).toEqual(['Fashion-MNIST sample', 'Omniglot sample'])
    expect(runs.map(({ number, status }) => [number, status])).toEqual(RUNS)
  })

  test('is left as it is the second time', async () => {
    const seeded = await openSeededTeam()
    const { datasets, runs } = await seedTeam(seeded)
    expect([...datasets, ...runs].map(({ isNew }) => isNew)).toEqual(Array(6).fill(false))
    expect(runs.map(({ number, status }) => [number, status])).toEqual(RUNS)
    // Others train meanwhile: it goes on when it is looked at.
    const input = { runId: runs.at(-1)?.id }
    await seeded.api.ask(
      'mutation ($input: PauseRunInput!) { pauseRun(input: $input) { errors { message } } }',
      { input },
    )
  })

  test('has, for those who look at pages, a team beside it that has nothing', async ({ seeded }) => {
    const mutation =
      'mutation { createTeam(input: { name: "Nothing yet" }) { team { slug } errors { message } } }'
    expect(await ask(seeded, mutation)).toMatchObject({
      createTeam: { team: { slug: EMPTY_TEAM }, errors: [] },
    })
  })
})
