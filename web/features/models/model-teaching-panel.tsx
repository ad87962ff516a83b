import { Disclosure } from '../../design/disclosure.tsx'
import { formatShare } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import type { TrainedPageQuery } from '../../graphql/generated/operations.ts'
import { strengthOfLesson } from '../teaching/lesson-strength.ts'
import { TeachingDrawing } from '../teaching/teaching-drawing.tsx'
import type { Lesson } from '../teaching/teaching-graph.ts'
import { TeachingTable } from '../teaching/teaching-table.tsx'
import { nameOf } from './trained-words.ts'

type Trained = Extract<NonNullable<TrainedPageQuery['node']>, { __typename: 'Model' | 'Ensemble' }>

/** Among which peers a model learned, and how far from theirs its predictions were at the end. */
export function ModelTeachingPanel({ trained }: { trained: Trained }) {
  const { cohort, evaluation, retrieval, metrics } = trained.run
  const { students, teaching } = cohort
  const scores = students.map(({ name }) => {
    const classified = evaluation?.students.find((student) => student.name === name)?.top1
    const retrieved = retrieval?.students.find((student) => student.name === name)?.score.meanAveragePrecision
    const score = classified ?? retrieved
    return score === undefined ? '' : formatShare(score)
  })
  const strengthOf = (lesson: Lesson) =>
    strengthOfLesson(lesson, {
      divergence: evaluation?.peerDivergence,
      lossOf: (student) => metrics.find((series) => series.student === student)?.values.at(-1) ?? null,
    })
  const own = trained.__typename === 'Model' ? trained.student.position : null
  return (
    <Panel title="Teaching" note={noteOf(trained)}>
      <TeachingDrawing
        students={students}
        teaching={teaching}
        scores={scores}
        strengthOf={strengthOf}
        own={own}
      />
      <Disclosure label="As a table">
        <TeachingTable students={students} teaching={teaching} strengthOf={strengthOf} />
      </Disclosure>
    </Panel>
  )
}

function noteOf(trained: Trained): string {
  const { cohort, evaluation } = trained.run
  if (cohort.students.length === 1) return 'It learned alone.'
  const who =
    trained.__typename === 'Ensemble'
      ? 'All of these students together.'
      : `${nameOf(trained)}, in the ring, among its peers.`
  if (cohort.teaching.method === 'INDEPENDENT') return `${who} Each learned from the labels alone.`
  return evaluation?.peerDivergence
    ? `${who} The thicker an arrow, the further the predictions were from the peer’s on the test images.`
    : `${who} The thicker an arrow, the larger the last loss from the peers.`
}
