import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { WhyPanel } from '../../../web/features/runs/why/why-panel.tsx'
import { TeamContext, type TeamPlace } from '../../../web/team-scope.ts'
import { createAnsweringClient, Surroundings } from './answering-client.tsx'

const waiting = {
  ...{ __typename: 'RunExplanation', status: 'QUEUED', progress: 0, failure: null },
  ...{ trainImages: null, testImages: null, draws: null, measures: [] },
}
const measure = { __typename: 'ExplanationMeasure', student: 'ada', own: 0.123, alone: 0.2 }
const ready = {
  ...waiting,
  ...{ status: 'READY', progress: 1, trainImages: 1024, testImages: 2000, draws: 5 },
  measures: [
    {
      ...measure,
      name: 'LOSS_RISE_PLAIN',
      level: 0.01,
      words: 'flatter minimum: -0.077 (between -0.1 and -0.05)',
    },
    {
      ...measure,
      name: 'RUNNER_UP_MASS',
      level: null,
      words: 'no difference seen (between -0.10 and +0.10)',
    },
  ],
}

interface Given {
  explanation: object | null
  explanationBlocker: string | null
}

const clientFor = (given: Given) =>
  createAnsweringClient((operation) => {
    const node = { __typename: 'Run', id: 'run_1', ...given }
    return operation === 'ExplainRun'
      ? { explainRun: { run: { ...node, explanation: waiting }, errors: [] } }
      : { node }
  })

function openPanel(given: Given, { client, asked } = clientFor(given)) {
  render(
    <Surroundings client={client}>
      <TeamContext value={{ base: '/team', mayChange: true } as TeamPlace}>
        <WhyPanel runId="run_1" />
      </TeamContext>
    </Surroundings>,
  )
  return asked
}

it('shows what was measured, each difference in words', async () => {
  openPanel({ explanation: ready, explanationBlocker: null })
  await screen.findByText('flatter minimum: -0.077 (between -0.1 and -0.05)')
  screen.getByText('Training loss rise, weight noise σ = 0.01')
  screen.getByText('no difference seen (between -0.10 and +0.10)')
  screen.getByText(/on 2,000 test images, and under weight noise on 1,024 training images, 5 draws each/)
})

it('has a worker measure it at a click, and says so', async () => {
  const asked = openPanel({ explanation: null, explanationBlocker: null })
  fireEvent.click(await screen.findByRole('button', { name: 'Measure' }))
  await screen.findByText('Waiting for a worker')
  expect(asked).toContain('ExplainRun')
})

it('says what is missing where nothing can be measured', async () => {
  openPanel({ explanation: null, explanationBlocker: 'Its students have no twins.' })
  await screen.findByText('Its students have no twins.')
  expect(screen.getByRole('button', { name: 'Measure' })).toHaveProperty('disabled', true)
})

it('asks again what is missing whenever it is opened, since a twin may have ended meanwhile', async () => {
  const run: Given = { explanation: null, explanationBlocker: 'Its twin is still training.' }
  const client = clientFor(run)
  openPanel(run, client)
  await screen.findByText('Its twin is still training.')
  cleanup()
  run.explanationBlocker = null
  openPanel(run, client)
  await screen.findByText(/^Compares each student with its twin/)
  expect(screen.getByRole('button', { name: 'Measure' })).toHaveProperty('disabled', false)
})
