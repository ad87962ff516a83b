import { describe, expect, it } from 'vitest'
import { applyEvent, type LiveEvent, openFeed } from '../../../web/features/runs/live/run-feed.ts'
import { atOf, pageRun } from './page-run.ts'

const applyAll = (events: LiveEvent[]) => events.reduce(applyEvent, openFeed(pageRun()))

describe('an alarm', () => {
  const finding = { code: 'DIVERGED', student: 'ada', message: 'm', cause: 'c', suggestion: 's' } as const
  const alarm = (seq: number, changes: object): LiveEvent =>
    ({ __typename: 'AlarmChanged', seq, at: atOf(seq), isOver: false, finding, ...changes }) as LiveEvent

  it('is shown once from when it is raised until it is withdrawn', () => {
    const other = { ...finding, student: 'ben' }
    const events = [alarm(1, {}), alarm(2, { finding: other }), alarm(2, { finding: other }), alarm(3, {})]
    expect(applyAll(events).run.findings).toEqual([other, finding])
    expect(applyAll([...events, alarm(4, { isOver: true })]).run.findings).toEqual([other])
  })
})
