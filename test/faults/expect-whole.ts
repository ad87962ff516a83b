import { expect } from 'vitest'
import type { Outcome, Scene } from './scene.ts'

/**
 * Expects a run to have come to the same as one that nothing disturbed: the same weights, every point once, attempts and
 * events without a gap.
 */
export async function expectWhole(scene: Scene, runId: string, reference: Outcome): Promise<void> {
  const outcome = await scene.readOutcome(runId)
  expect(outcome.artifacts).toEqual(reference.artifacts)
  expect(outcome.finalCheckpoint).toBe(reference.finalCheckpoint)
  expect(outcome.points).toEqual(reference.points)
  const order = { orderBy: { number: 'asc' } } as const
  const attempts = await scene.database.runAttempt.findMany({ where: { runId }, ...order })
  expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, i) => i + 1))
  expect(attempts.every(({ endedAt }) => endedAt !== null)).toBe(true)
  expect(attempts.at(-1)!.outcome).toBe('SUCCEEDED')
  const events = await scene.database.runEvent.findMany({ where: { runId }, orderBy: { seq: 'asc' } })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
}
