import { SingleBar } from 'cli-progress'
import type { Cohort } from '../../contract/cohort.ts'
import type { RunEvaluation } from '../../contract/evaluation.ts'
import type { ImportReport } from '../../contract/import-report.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import type { RecipeWarning } from '../../contract/recipes/recipe-warnings.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import { describeDataset, linesOfDataset } from './describe-dataset.ts'
import { percent, resultTable } from './result-table.ts'

/** Output of a training: progress and results. */
export interface TrainingView {
  packing(seen: number, total: number): void
  packed(report: ImportReport, dataset: PackedDataset): void
  /** Reports why the recipe is unlikely to train well; the list may be empty. */
  warned(warnings: readonly RecipeWarning[]): void
  event(event: TrainingEvent): void
  line(line: string): void
  finished(result: TrainingResult): void
  /** Removes the progress bar; may be called at any time. */
  end(): void
}

export interface TrainingResult {
  evaluation: RunEvaluation
  /** Paths of the files written. */
  files: string[]
  seconds: number
}

/** For programs: a JSON line per event on stdout. */
export function showAsJson(): TrainingView {
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
  let printedAt = 0
  return {
    packing(seen, total) {
      const isDue = performance.now() - printedAt > 1000 || seen === total
      if (isDue) print({ type: 'packing', seen, total })
      if (isDue) printedAt = performance.now()
    },
    packed: (report, dataset) => print({ type: 'packed', dataset: describeDataset(dataset), report }),
    warned: (warnings) => warnings.length > 0 && print({ type: 'warnings', warnings }),
    // Artifacts are still in a temporary folder at this point; `finished` lists the final files.
    event: (event) => event.type !== 'artifact' && print(event),
    line: (message) => print({ type: 'log', level: 'INFO', message }),
    finished: ({ evaluation, ...rest }) => print({ type: 'finished', ...shortened(evaluation), ...rest }),
    end: () => {},
  }
}

const BAR = { barCompleteChar: '█', barIncompleteChar: '░', barsize: 24, hideCursor: true }

/** For people: progress bars on stderr, the result table on stdout. */
export function showOnTerminal({ students }: Cohort): TrainingView {
  let bar: SingleBar | undefined
  const latest = students.map(({ name }) => ({ name, numbers: new Map<string, number>() }))
  const end = () => {
    bar?.stop()
    bar = undefined
  }
  const start = (format: string, total: number) => {
    bar = new SingleBar({ ...BAR, format, noTTYOutput: true, notTTYSchedule: 5000 })
    bar.start(total, 0, { epoch: '', rate: '', students: '' })
    return bar
  }
  return {
    packing(seen, total) {
      bar ??= start('  packing  {bar} {value}/{total} images', total)
      bar.update(seen)
    },
    packed(report, dataset) {
      end()
      for (const line of linesOfDataset(report, dataset)) process.stderr.write(`  ${line}\n`)
    },
    warned(warnings) {
      for (const { message } of warnings) process.stderr.write(`  Warning: ${message}\n`)
    },
    event(event) {
      if (event.type === 'log' || event.type === 'checkpointFailed')
        process.stderr.write(`  ${event.message}\n`)
      if (event.type !== 'metrics') return
      for (const { student, name, value } of event.points)
        if (student !== null) latest[student]?.numbers.set(name, value)
      bar ??= start(
        '  training {bar} epoch {epoch} · {rate} · {eta_formatted} left · {students}',
        event.steps,
      )
      bar.update(event.step, {
        epoch: `${event.epoch}/${event.epochs}`,
        rate: `${Math.round(event.imagesPerSecond)} images/s`,
        students: latest.map(({ name, numbers }) => `${name} ${describe(numbers)}`).join(' · '),
      })
    },
    line(line) {
      process.stderr.write(`  ${line}\n`)
    },
    finished(result) {
      end()
      process.stdout.write(`${resultTable(result.evaluation, result.seconds)}\n`)
      for (const file of result.files) process.stdout.write(`${file}\n`)
    },
    end,
  }
}

function describe(numbers: Map<string, number>): string {
  const loss = numbers.get('loss')
  const top1 = numbers.get('testTop1') ?? numbers.get('testRank1') ?? numbers.get('trainTop1')
  return [loss?.toFixed(3), top1 === undefined ? undefined : percent(top1)].filter(Boolean).join(' ')
}

/** Omits the long parts, which the evaluation's own line includes. */
function shortened(evaluation: RunEvaluation): RunEvaluation {
  if (evaluation.kind === 'RETRIEVAL') return evaluation
  const students = evaluation.students.map(({ classes, confusion, ...student }) => student)
  return { ...evaluation, students }
}
