import { describeSeconds } from '../files/transfer-progress.ts'
import type { Surroundings } from '../surroundings.ts'
import type { RunView } from './run-view.ts'
import { decimals, percent, textTable } from './text-table.ts'

const REDRAWN_EVERY_MS = 200
const LINES_APART_MS = 5_000

export interface LiveRun {
  show(view: RunView): void
  say(message: string): void
  /** Leaves the last state of the table where it is. */
  end(): void
}

/** On a terminal a table that is rewritten in place; else a line for every state, and one now and then in between. */
export function showLiveRun(surroundings: Pick<Surroundings, 'tell' | 'isTerminal'>): LiveRun {
  return surroundings.isTerminal ? rewriteTable(surroundings.tell) : tellLines(surroundings.tell)
}

function rewriteTable(tell: Surroundings['tell']): LiveRun {
  let drawnLines = 0
  let drawnAt = Number.NEGATIVE_INFINITY
  let newest: RunView | null = null
  const draw = () => {
    if (!newest) return
    const text = describeRun(newest)
    tell(`${drawnLines > 0 ? `\x1b[${drawnLines}A` : ''}\x1b[0J${text}`)
    drawnLines = text.split('\n').length - 1
    drawnAt = performance.now()
  }
  return {
    show(view) {
      const isChanged = newest?.status !== view.status || newest.phase !== view.phase
      newest = { ...view }
      if (isChanged || performance.now() - drawnAt >= REDRAWN_EVERY_MS) draw()
    },
    say(message) {
      tell(`${drawnLines > 0 ? `\x1b[${drawnLines}A\x1b[0J` : ''}  ${message}\n`)
      drawnLines = 0
      draw()
    },
    end: draw,
  }
}

function tellLines(tell: Surroundings['tell']): LiveRun {
  let state = ''
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    show(view) {
      const isChanged = state !== describeState(view)
      state = describeState(view)
      if (!isChanged && performance.now() - toldAt < LINES_APART_MS) return
      toldAt = performance.now()
      const students = view.students.map(({ name, latest }) => `${name} ${describeNumbers(latest)}`.trim())
      const numbers = view.progress ? ` · ${describeProgress(view)} · ${students.join(' · ')}` : ''
      tell(`  run ${view.number}: ${state}${numbers}\n`)
    },
    say: (message) => tell(`  ${message}\n`),
    end: () => {},
  }
}

function describeRun(view: RunView): string {
  const isRetrieval = view.students.some(({ latest }) => latest.testMap !== undefined)
  const rows = view.students.map(({ name, architecture, latest }) => [
    name,
    architecture,
    decimals(latest.loss),
    percent(latest.trainTop1),
    percent(isRetrieval ? latest.testMap : latest.testTop1),
  ])
  const head = ['student', 'architecture', 'loss', 'train top-1', isRetrieval ? 'test mAP' : 'test top-1']
  const table = textTable(head, rows).replace(/^/gm, '  ').trimEnd()
  return `  run ${view.number}  ${describeState(view)}  ${describeProgress(view)}\n${table}\n`
}

function describeState({ status, phase }: RunView): string {
  return (phase ?? status).toLowerCase()
}

function describeProgress({ progress }: RunView): string {
  if (!progress) return ''
  const { epoch, epochs, step, steps, imagesPerSecond, remainingSeconds } = progress
  return [
    `epoch ${epoch} of ${epochs}`,
    steps ? `${Math.floor((100 * step) / steps)} %` : '',
    imagesPerSecond ? `${Math.round(imagesPerSecond)} images/s` : '',
    remainingSeconds ? `${describeSeconds(remainingSeconds)} left` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function describeNumbers(latest: Record<string, number>): string {
  const { loss, testMap, testTop1, trainTop1 } = latest
  const score = testMap ?? testTop1 ?? trainTop1
  return [loss?.toFixed(3), score === undefined ? '' : percent(score)].filter(Boolean).join(' ')
}
