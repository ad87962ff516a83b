'use client'

import { isEnded } from '../../../../contract/runs/run-states.ts'
import { Disclosure } from '../../../design/disclosure.tsx'
import { formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { scoreOf } from '../../run-list/run-facts.ts'
import { TeachingDrawing } from '../../teaching/teaching-drawing.tsx'
import type { Lesson } from '../../teaching/teaching-graph.ts'
import { TeachingTable } from '../../teaching/teaching-table.tsx'
import type { RunFeed } from '../live/run-feed.ts'
import { lessonStrength } from './lesson-strength.ts'

/**
 * Visualizes the method: who learns from whom, each student's score, and how much it still learns from its
 * peers.
 */
export function RunTeachingPanel({ feed }: { feed: RunFeed }) {
  const { run } = feed
  const { students, teaching } = run.cohort
  const scores = run.students.map((student) => {
    const score = scoreOf(run, student, 'last')
    return score === null ? '' : formatShare(score)
  })
  const strengthOf = (lesson: Lesson) => lessonStrength(feed, lesson)
  return (
    <Panel title="Teaching" note={noteOf(feed)}>
      <TeachingDrawing
        students={students}
        teaching={teaching}
        scores={scores}
        strengthOf={strengthOf}
        isLive={run.status === 'RUNNING' && run.phase === 'TRAINING'}
      />
      <Disclosure label="As a table">
        <TeachingTable students={students} teaching={teaching} strengthOf={strengthOf} />
      </Disclosure>
    </Panel>
  )
}

function noteOf({ run }: RunFeed): string | false {
  if (run.cohort.teaching.method === 'INDEPENDENT') return 'Each student learns alone, the control.'
  return isEnded(run.status) && run.evaluation?.peerDivergence
    ? 'The thicker an arrow, the further the student’s predictions are from its peer’s on the test images'
    : 'The thicker an arrow, the larger the student’s loss from its peers'
}
