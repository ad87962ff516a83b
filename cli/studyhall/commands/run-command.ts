import { Command, CommanderError } from 'commander'
import { CommandError, EXIT } from '../outcome.ts'
import type { Surroundings } from '../surroundings.ts'
import { registerCohort } from './cohort.ts'
import { createContext } from './context.ts'
import { registerDataset } from './dataset.ts'
import { registerExperiment } from './experiment.ts'
import { registerMcp } from './mcp.ts'
import { registerModel } from './model.ts'
import { registerOpen } from './open.ts'
import { registerRun } from './run.ts'
import { registerSignIn } from './sign-in.ts'
import { registerWeights } from './weights.ts'
import { registerWorkers } from './worker.ts'

const AFTER_HELP = `
Signed in by \`studyhall login\`, which asks in a browser, by \`studyhall sign-in\`, or by STUDYHALL_URL and STUDYHALL_KEY.

Exit codes: 0 succeeded, 1 failed, 2 asked for something that cannot be done, 3 it was canceled,
4 a score is below --fail-below, or a verdict is not that of --expect, 5 no key, or one that is not good or may not do this, 130 interrupted.`

const GROUPS = [
  registerSignIn,
  registerDataset,
  registerWeights,
  registerCohort,
  registerRun,
  registerExperiment,
  registerModel,
  registerWorkers,
  registerMcp,
  registerOpen,
]

/** Does what the command line says. @returns the exit code; whatever went wrong has been told */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    await createProgram(surroundings).parseAsync(argv, { from: 'user' })
    return EXIT.succeeded
  } catch (error) {
    return explain(error, surroundings)
  }
}

function createProgram(surroundings: Surroundings): Command {
  const program = new Command('studyhall')
    .description(
      'Trains cohorts of small networks that teach each other: data, runs and models from a terminal or a script.',
    )
    .addHelpText('after', AFTER_HELP)
  program.exitOverride().configureOutput({
    writeOut: surroundings.print,
    writeErr: surroundings.tell,
    // Told with the exit code.
    outputError: () => {},
  })
  const context = createContext(surroundings)
  for (const register of GROUPS) register(program, context)
  settle(program)
  return program
}

/** Commander hands its settings on to commands that are added later, and not to those of groups. */
function settle(command: Command): void {
  for (const each of command.commands) {
    each.copyInheritedSettings(command).allowExcessArguments(false)
    settle(each)
  }
}

function explain(error: unknown, { tell, signal }: Surroundings): number {
  if (signal.aborted) {
    tell('\n  Interrupted. What has begun at Studyhall goes on; the same command goes on with a file.\n')
    return EXIT.interrupted
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.succeeded
    // A group without a command shows its help.
    if (error.code !== 'commander.help')
      tell(`${error.message.replace(/^error: /, '').replace(/\.$/, '')}; see --help.\n`)
    return EXIT.usage
  }
  if (error instanceof CommandError) {
    tell(`${error.message}\n`)
    return EXIT[error.outcome]
  }
  tell(`${error instanceof Error ? error.stack : String(error)}\n`)
  return EXIT.failed
}
