import { secondsAt } from '../../../charts/run-clock.ts'
import { formatCount, formatMetric, formatShare } from '../../../design/format-numbers.ts'
import { formatDuration } from '../../../design/format-time.ts'
import type { Curve } from '../live/curves.ts'
import type { PageRun, RunFeed } from '../live/run-feed.ts'

export interface EpochWords {
  step: number
  text: string
}

/** What each evaluation showed, newest first: in words, with the loss at that step and the time that it had taken. */
export function epochWords({ run, curves, clock }: RunFeed): EpochWords[] {
  const isRetrieval = run.datasetVersion.dataset.kind === 'RETRIEVAL'
  const ofStudents = (wanted: string) =>
    curves.filter(({ name, student }) => student !== null && name === wanted)
  const tested = ofStudents(isRetrieval ? 'testMap' : 'testTop1')
  const evaluated = [...new Set(tested.flatMap(({ steps }) => steps))].sort((a, b) => a - b)
  const seconds = secondsAt(clock, evaluated)
  return evaluated
    .map((step, i) => {
      const scores = valuesAt(run, tested, step, (value) => formatShare(value))
      const losses = valuesAt(run, ofStudents('loss'), step, formatMetric)
      const parts = [
        `${scores} ${isRetrieval ? 'mean average precision' : 'on the test images'}`,
        losses && `training loss ${losses}`,
        clock.steps.length > 0 && `after ${formatDuration(seconds[i] ?? 0)}`,
      ]
      return { step, text: `${placeOf(run, step)}: ${parts.filter(Boolean).join('; ')}.` }
    })
    .toReversed()
}

function placeOf({ progress: { steps, epochs } }: PageRun, step: number): string {
  return steps ? `Epoch ${Number(((step * epochs) / steps).toFixed(2))}` : `Step ${formatCount(step)}`
}

/** `ada 61.2 %, grace 60.9 %`: each student's newest value up to a step. */
function valuesAt(
  run: PageRun,
  curves: readonly Curve[],
  step: number,
  format: (value: number | undefined) => string,
): string {
  const words = curves.flatMap(({ student, steps, values }) => {
    const place = steps.findLastIndex((one) => one <= step)
    const name = run.students.find((one) => one.student.position === student)?.student.name
    return place < 0 ? [] : [`${name ?? ''} ${format(values[place])}`]
  })
  return words.join(', ')
}
