import { Table } from '@mantine/core'
import { formatShare } from '../../../design/format-numbers.ts'
import type { Backend } from '../networks/load-tensorflow.ts'
import type { FileStage, Subject } from '../networks/use-model-files.ts'
import { ComparedTable } from './compared-table.tsx'
import { rankClasses } from './describe-answers.ts'
import { Time } from './student-cells.tsx'
import type { Answer, Answers } from './use-answers.ts'

interface Props {
  subjects: Subject[]
  stages: FileStage[]
  classes: string[] | null
  answers: Answers | null
  backend: Backend | null
  /** Test accuracy; null if the run has no ensemble. */
  ensembleTop1: number | null
}

/** Compares the students: prediction, confidence, speed on this device, size, and test accuracy. */
export function StudentsTable({ subjects, stages, classes, answers, backend, ensembleTop1 }: Props) {
  return (
    <ComparedTable
      subjects={subjects}
      stages={stages}
      backend={backend}
      titles={['Answer', 'Confidence', 'Test accuracy']}
      result={(index) => <Prediction answer={answers?.students[index]} classes={classes} />}
      scoreOf={({ top1 }) => top1}
      together={
        ensembleTop1 === null
          ? null
          : {
              name: 'Ensemble',
              note: 'mean posterior',
              result: <Prediction answer={answers?.ensemble ?? undefined} classes={classes} />,
              score: ensembleTop1,
            }
      }
    />
  )
}

function Prediction({ answer, classes }: { answer: Answer | undefined; classes: string[] | null }) {
  const [first] = answer?.posterior && classes ? rankClasses(answer.posterior, classes, 1) : []
  return (
    <>
      <Table.Td fw={500}>{first?.label ?? '–'}</Table.Td>
      <Table.Td ta="right">{formatShare(first?.share)}</Table.Td>
      <Table.Td ta="right">{first && answer ? <Time latency={answer.latency} /> : '–'}</Table.Td>
    </>
  )
}
