import { Table } from '@mantine/core'
import { formatShare } from '../../../design/format-numbers.ts'
import type { Backend } from '../networks/load-tensorflow.ts'
import type { FileStage, Subject } from '../networks/use-model-files.ts'
import { ComparedTable } from './compared-table.tsx'
import { Time } from './student-cells.tsx'
import { rankClasses } from './tell-answers.ts'
import type { Answer, Answers } from './use-answers.ts'

interface Props {
  subjects: Subject[]
  stages: FileStage[]
  classes: string[] | null
  answers: Answers | null
  backend: Backend | null
  /** Measured on the test images; null where the run has no ensemble. */
  ensembleTop1: number | null
}

/** The students side by side: what each says, how sure, how fast on this device, how large, how good on the test images. */
export function StudentsTable({ subjects, stages, classes, answers, backend, ensembleTop1 }: Props) {
  return (
    <ComparedTable
      subjects={subjects}
      stages={stages}
      backend={backend}
      titles={['Answer', 'Confidence', 'Test accuracy']}
      said={(index) => <Said answer={answers?.students[index]} classes={classes} />}
      scoreOf={({ top1 }) => top1}
      together={
        ensembleTop1 === null
          ? null
          : {
              name: 'Ensemble',
              note: 'mean posterior',
              said: <Said answer={answers?.ensemble ?? undefined} classes={classes} />,
              score: ensembleTop1,
            }
      }
    />
  )
}

function Said({ answer, classes }: { answer: Answer | undefined; classes: string[] | null }) {
  const [first] = answer?.posterior && classes ? rankClasses(answer.posterior, classes, 1) : []
  return (
    <>
      <Table.Td fw={500}>{first?.label ?? '–'}</Table.Td>
      <Table.Td ta="right">{formatShare(first?.share)}</Table.Td>
      <Table.Td ta="right">{first && answer ? <Time latency={answer.latency} /> : '–'}</Table.Td>
    </>
  )
}
