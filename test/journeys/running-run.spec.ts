import { expect } from '@playwright/test'
import { waitForRun } from '../../scripts/seed/wait-for-run.ts'
import { expectUsable } from './check-page.ts'
import { test } from './fixtures.ts'
import { CHANGING_RUN_TABS } from './run-tabs.ts'
import { openSeededTeam, RUN, SEEDED } from './seeded.ts'

/** It trains only while its pages are looked at: whatever trains slows everything else down. */
test.describe('A run that trains', () => {
  // One after the other, and all while it trains.
  test.describe.configure({ mode: 'default' })

  test.beforeAll(async () => {
    const { api, run } = await findRun()
    await api.ask(
      'mutation ($id: ID!) { resumeRun(input: { runId: $id }) { run { status } errors { message } } }',
      { id: run.id },
    )
    await waitForRun(api, run, 'RUNNING', () => {})
  })

  test.afterAll(async () => {
    const { api, run } = await findRun()
    // Nothing has kept it from going on meanwhile.
    expect(run.status).toBe('RUNNING')
    await api.ask('mutation ($id: ID!) { pauseRun(input: { runId: $id }) { errors { message } } }', {
      id: run.id,
    })
  })

  for (const tab of CHANGING_RUN_TABS)
    test(`/<team>/runs/${RUN.running}${tab} is accessible and fits`, async ({ visit }) => {
      await expectUsable(visit, `${SEEDED}/runs/${RUN.running}${tab}`)
    })
})

async function findRun() {
  const { api, team } = await openSeededTeam()
  type Team = { run: { id: string; number: number; lastSeq: number; status: string } }
  const { node } = await api.ask<{ node: Team }>(
    'query ($id: ID!, $number: Int!) { node(id: $id) { ... on Team { run(number: $number) { id number lastSeq status } } } }',
    { id: team.id, number: RUN.running },
  )
  return { api, run: node.run }
}
