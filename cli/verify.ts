/**
 * `npm run verify -- receipt.json --data <zip or folder>`: trains a run again by its receipt, whole or its first steps, and
 * says whether the weights are equal to the bit, or after which step and in which tensor they parted.
 * Exit codes: 0 equal, 1 they part or the training fails, 2 what was asked for cannot be done, 130 interrupted.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { UsageError } from './train/usage-error.ts'
import { readReceipt } from './verify/read-receipt.ts'
import { trainAgain } from './verify/train-again.ts'

interface Options {
  data: string
  checkpoint?: string
  steps?: string
}

async function main(): Promise<void> {
  const { file, data, checkpoint, steps } = readCommandLine()
  const receipt = readReceipt(file)
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interruption.abort(new Error('Interrupted.')))
  const folder = await mkdtemp(path.join(tmpdir(), 'studyhall-verify-'))
  try {
    const verdict = await trainAgain(
      receipt,
      { data, folder, checkpoint, mostSteps: steps },
      interruption.signal,
    )
    process.stdout.write(`${verdict.words}\n`)
    process.exitCode = verdict.isEqual ? 0 : 1
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    process.stderr.write('Interrupted.\n')
    process.exitCode = 130
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function readCommandLine(): {
  file: string
  data: string
  checkpoint: string | undefined
  steps: number | null
} {
  const command = new Command('npm run verify --')
    .description('Trains a run again by its receipt, and says whether the weights are equal to the bit.')
    .argument('<file>', 'the receipt, as the run’s page gives it')
    .requiredOption('--data <path>', 'zip or folder: what the dataset version was imported from')
    .option('--checkpoint <file>', 'of a fork: the checkpoint that it went on from')
    .option('--steps <number>', 'train the first steps only, up to the last hash among them')
    .parse()
  const [file = ''] = command.args
  const { data, checkpoint, steps } = command.opts<Options>()
  if (steps !== undefined && !/^[1-9]\d{0,8}$/.test(steps))
    throw new UsageError(`--steps is ${steps}; it is a whole number from 1.`)
  return { file, data, checkpoint, steps: steps === undefined ? null : Number(steps) }
}

await main().catch((error: Error) => {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
