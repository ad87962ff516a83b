import { Text } from '@mantine/core'
import { IconPhotoQuestion } from '@tabler/icons-react'
import { EmptyState } from '../../../design/empty-state.tsx'
import { Panel } from '../../../design/panel.tsx'
import type { Subject } from '../networks/use-model-files.ts'
import { AnswerBars } from './answer-bars.tsx'
import { describeAgreement, rankClasses } from './describe-answers.ts'
import type { Answers } from './use-answers.ts'

const SHOWN_CLASSES = 5

interface Props {
  subjects: Subject[]
  /** In the order of the posteriors; null until a model is loaded. */
  classes: string[] | null
  answers: Answers | null
  pictureName: string | null
}

/** The predictions of every student and the ensemble side by side, and whether they agree. */
export function AnswersPanel({ subjects, classes, answers, pictureName }: Props) {
  const predictions = classes && answers ? predictionsOf(subjects, classes, answers) : []
  const students = predictions.filter(({ isStudent }) => isStudent)
  const [first] = students
  return (
    <Panel title="Answers" flush={predictions.length === 0}>
      {/* Announced once, when the predictions are in; the timings that follow are not. */}
      <Text aria-live="polite" mb={predictions.length > 0 ? 'md' : 0}>
        {students.length > 1 &&
          describeAgreement(students.map(({ name, ranked }) => ({ name, label: ranked[0]?.label ?? '' })))}
        {students.length === 1 && first && `${first.name} says ${first.ranked[0]?.label}.`}
      </Text>
      {predictions.length > 0 ? (
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
          {predictions.map(({ id, name, note, ranked }) => (
            <AnswerBars key={id} name={name} note={note} ranked={ranked} />
          ))}
        </div>
      ) : (
        <EmptyState
          icon={<IconPhotoQuestion size={22} />}
          title={pictureName ? 'The students will answer' : 'No prediction yet'}
        >
          {pictureName
            ? 'As soon as their models are loaded.'
            : 'Choose an image: every student predicts its class, and so does the ensemble.'}
        </EmptyState>
      )}
    </Panel>
  )
}

/** The available predictions, with the ensemble's last. */
function predictionsOf(subjects: Subject[], classes: string[], { students, ensemble }: Answers) {
  const rank = (posterior: Float32Array) => rankClasses(posterior, classes, SHOWN_CLASSES)
  const predictions = subjects.flatMap(({ id, name, architecture }, index) => {
    const posterior = students[index]?.posterior
    return posterior ? [{ id, name, note: architecture, ranked: rank(posterior), isStudent: true }] : []
  })
  if (!ensemble?.posterior || subjects.length < 2) return predictions
  const ranked = rank(ensemble.posterior)
  const note = 'the mean of all students’ posteriors'
  return [...predictions, { id: 'ensemble', name: 'Ensemble', note, ranked, isStudent: false }]
}
