/** `studyhall`: data, cohorts, runs and models from a terminal or a script. Exit codes are in studyhall/outcome.ts. */
import { text } from 'node:stream/consumers'
import { runCommand } from './studyhall/commands/run-command.ts'

const interruption = new AbortController()
process.once('SIGINT', () => interruption.abort(new Error('interrupted')))
process.once('SIGTERM', () => interruption.abort(new Error('interrupted')))
// Who reads no further, such as `head`, has seen enough.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  print: (line) => process.stdout.write(line),
  tell: (line) => process.stderr.write(line),
  isTerminal: process.stderr.isTTY === true,
  readInput: process.stdin.isTTY ? null : () => text(process.stdin),
  signal: interruption.signal,
})
