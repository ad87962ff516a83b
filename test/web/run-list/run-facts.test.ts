import { describe, expect, it } from 'vitest'
import { bestScoreOf, durationSeconds } from '../../../web/features/run-list/run-facts.ts'
import { pageRun } from '../runs/page-run.ts'

const AT = '2026-03-01T12:00:00.000Z'
const nowMs = Date.parse(AT) + 60_000

describe('how long a run has taken', () => {
  it('is unknown before a worker took it', () => {
    expect(durationSeconds(pageRun(), nowMs)).toBeNull()
  })

  it('goes on while a worker holds it, from what its earlier attempts took', () => {
    const run = pageRun({ startedAt: '2026-02-01T00:00:00Z', attemptSeconds: 90, attemptStartedAt: AT })
    expect(durationSeconds(run, nowMs)).toBe(150)
  })

  it('stands still while it is paused', () => {
    const run = pageRun({ startedAt: '2026-02-01T00:00:00Z', attemptSeconds: 90, status: 'PAUSED' })
    expect(durationSeconds(run, nowMs)).toBe(90)
  })
})

describe('the score of a run in a list', () => {
  const measured = pageRun().students.map((student, i) => ({
    ...student,
    bestTestTop1: 0.5 + i / 10,
    lastTestTop1: 0.5,
    bestTestMap: 0.2 + i / 10,
    lastTestMap: 0.2,
  }))

  it('is the better student’s accuracy', () => {
    const run = pageRun({ students: measured })
    expect([bestScoreOf(run, 'best'), bestScoreOf(run, 'last')]).toEqual([0.6, 0.5])
  })

  it('is the better student’s mean average precision where identities are learned', () => {
    const { datasetVersion } = pageRun()
    const dataset = { ...datasetVersion.dataset, kind: 'RETRIEVAL' as const }
    const run = pageRun({ students: measured, datasetVersion: { ...datasetVersion, dataset } })
    expect(bestScoreOf(run, 'best')).toBeCloseTo(0.3)
    expect(bestScoreOf(run, 'last')).toBe(0.2)
  })

  it('is none before the first measurement', () => {
    expect(bestScoreOf(pageRun(), 'best')).toBeNull()
  })
})
