import { SingleBar } from 'cli-progress'
import type { RunView } from '../../cli/studyhall/show/run-view.ts'

/** One line that says what goes on, rewritten in place on a terminal. */
export interface Progress {
  say(message: string): void
  showRun(view: RunView): void
  end(): void
}

/** For a person: a line for every step, a bar for the training. */
export function showOnTerminal(): Progress {
  let bar: SingleBar | null = null
  let said = ''
  const leaveLine = () => {
    bar?.stop()
    bar = null
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K')
  }
  return {
    say(message) {
      if (message === said) return
      said = message
      leaveLine()
      process.stdout.write(process.stdout.isTTY ? `  ${message}` : `  ${message}\n`)
    },
    showRun(view) {
      if (!view.progress) return
      if (!bar) {
        leaveLine()
        bar = new SingleBar({ ...BAR, format: FORMAT })
        bar.start(view.progress.steps ?? 0, 0, describeRun(view))
      }
      bar.update(view.progress.step, describeRun(view))
    },
    end: leaveLine,
  }
}

const BAR = {
  barCompleteChar: '█',
  barIncompleteChar: '░',
  barsize: 24,
  hideCursor: true,
  noTTYOutput: true,
  notTTYSchedule: 5000,
}
const FORMAT = '  {bar} epoch {epoch} · {rate} · {rest} left · {students}'

function describeRun({ progress, students }: RunView): Record<string, string> {
  const { epoch, epochs, imagesPerSecond, remainingSeconds } = progress!
  return {
    epoch: `${epoch}/${epochs}`,
    rate: imagesPerSecond === null ? '…' : `${Math.round(imagesPerSecond)} images/s`,
    rest: remainingSeconds === null ? '…' : `${Math.ceil(remainingSeconds)} s`,
    students: students.map(({ name, latest }) => `${name} ${describeStudent(latest)}`).join(' · '),
  }
}

function describeStudent(numbers: Record<string, number>): string {
  const accuracy = numbers.testTop1 ?? numbers.trainTop1
  return [
    numbers.loss === undefined ? '' : `loss ${numbers.loss.toFixed(3)}`,
    accuracy === undefined
      ? ''
      : `${(100 * accuracy).toFixed(1)} % ${numbers.testTop1 === undefined ? 'train' : 'test'}`,
  ].join(' ')
}
