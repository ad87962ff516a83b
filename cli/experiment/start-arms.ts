/** `--start FILE` for the students of every arm, `--start ARM=FILE` for those of one. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { trialsOf } from '../../experiments/design/trials.ts'
import { addStarts, type RawStarts, readStarts } from '../train/read-starts.ts'
import { UsageError } from '../train/usage-error.ts'
import type { Experiment } from './read-experiment.ts'

interface StartedExperiment {
  experiment: Experiment
  /** Of the weights, by hash. */
  startPaths: Record<string, string>
  /** What was found in the files. */
  lines: string[]
}

/**
 * Arms that begin with the same weights are paired as ever; one that begins otherwise than its control shows what both
 * differences do together.
 * @throws UsageError with a sentence about an option or a file
 */
export async function startArms(
  experiment: Experiment,
  raw: RawStarts,
  folder: string,
): Promise<StartedExperiment> {
  if (raw.start.length === 0) {
    readStarts(raw, 1)
    return { experiment, startPaths: {}, lines: [] }
  }
  const starts = path.join(folder, 'starts')
  await mkdir(starts, { recursive: true })
  const named = raw.start.map((written) => ({ written, arm: armNamedIn(written, experiment) }))
  const startPaths: Record<string, string> = {}
  const lines = new Set<string>()
  const arms = []
  for (const arm of experiment.arms) {
    const own = named.flatMap(({ written, arm: only }) => {
      if (only === undefined) return [written]
      return only === arm.name ? [written.slice(only.length + 1)] : []
    })
    if (own.length === 0) {
      arms.push(arm)
      continue
    }
    const wanted = readStarts({ ...raw, start: own }, arm.cohort.students.length)
    const started = await addStarts(arm.cohort, wanted, starts)
    Object.assign(startPaths, started.blobPaths)
    for (const line of started.lines) lines.add(line)
    arms.push({ ...arm, cohort: started.cohort })
  }
  const design = { ...experiment, arms }
  return { experiment: { ...design, trials: trialsOf(design) }, startPaths, lines: [...lines] }
}

function armNamedIn(written: string, { arms }: Experiment): string | undefined {
  const found = arms.map(({ name }) => name).filter((name) => written.startsWith(`${name}=`))
  if (found.length > 1)
    throw new UsageError(`--start ${written}: ${found.join(' and ')} are both arms. Rename one of them.`)
  return found[0]
}
