import { expect, it } from 'vitest'
import { applyEvent, openFeed } from '../../../web/features/runs/live/run-feed.ts'
import { epochWords } from '../../../web/features/runs/log/epoch-words.ts'
import { atOf, metricsEvent, pageRun, seriesOf } from './page-run.ts'

const progress = { step: 20, steps: 50, epoch: 2, epochs: 5, imagesPerSecond: 100, remainingSeconds: null }
const metrics = [
  seriesOf(0, 'testTop1', { 10: 0.5, 20: 0.6 }),
  seriesOf(1, 'testTop1', { 10: 0.4, 20: 0.55 }),
  seriesOf(0, 'loss', { 9: 2, 20: 1.25 }),
]
const run = pageRun({ status: 'RUNNING', startedAt: atOf(0), attemptStartedAt: atOf(0), progress, metrics })

it('tells each evaluation in a sentence, newest first, with the loss and the time', () => {
  const feed = openFeed({ ...run, pace: { steps: [10, 20], seconds: [30, 65] } })
  expect(epochWords(feed).map(({ text }) => text)).toEqual([
    'Epoch 2: ada 60.0 %, grace 55.0 % on the test images; training loss ada 1.2500; after 1 min 05 s.',
    'Epoch 1: ada 50.0 %, grace 40.0 % on the test images; training loss ada 2.0000; after 30 s.',
  ])
})

it('goes on with the events that come, and says nothing before the first evaluation', () => {
  const before = openFeed(pageRun({ ...run, metrics: [] }))
  expect(epochWords(before)).toEqual([])
  const event = metricsEvent(7, [seriesOf(1, 'testTop1', { 30: 0.7 })])
  const after = applyEvent(before, { ...event, progress: { ...progress, step: 30 } })
  expect(epochWords(after)[0]?.text).toBe('Epoch 3: grace 70.0 % on the test images; after 7 s.')
})
