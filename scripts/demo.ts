/**
 * `npm run demo`: the main job through the public API only, as any client would do it. Two small networks teach each
 * other on the sample images; the trained student and the ensemble end up in a folder.
 */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Command } from 'commander'
import type { RunResultsFragment } from '../cli/studyhall/api/generated/operations.ts'
import { findRun } from '../cli/studyhall/commands/find.ts'
import { downloadFile } from '../cli/studyhall/files/download-file.ts'
import { importSample } from './demo/import-sample.ts'
import { type OwnTeam, openOwnTeam } from './demo/own-team.ts'
import { type Progress, showOnTerminal } from './demo/show-progress.ts'
import { startRun } from './demo/start-run.ts'
import { unpack } from './demo/unpack.ts'
import { watchRun } from './demo/watch-run.ts'
import { startAll } from './start/processes.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SAMPLE = new URL('../samples/fashion-mnist-sample.zip', import.meta.url)
const OWNER = { name: 'Demo', email: 'demo@studyhall.example', keyName: 'npm run demo' }
const STUDENTS = [
  { name: 'ada', architecture: 'resnet-8' },
  { name: 'grace', architecture: 'resnet-8' },
]

async function main(): Promise<void> {
  const options = new Command('demo')
    .description('Trains two small networks together on the sample images, through the public API.')
    .option('--json', 'end with one JSON line')
    .option('--exit', 'stop everything at the end, also on a terminal')
    .parse()
    .opts<{ json?: boolean; exit?: boolean }>()
  const startedAt = Date.now()
  const product = await startAll({ quiet: true })
  try {
    const progress = showOnTerminal()
    const demo = await openOwnTeam(product.webUrl, path.join(product.home, 'demo-account.json'), OWNER)
    const { run, finished, classes } = await train(demo, progress)
    const files = await download(demo, run.number, finished, progress)
    const answer = await tryStudent(files[0]!, progress)
    progress.end()
    const seconds = Math.round((Date.now() - startedAt) / 100) / 10
    const url = `${product.webUrl}/${demo.team.slug}/runs/${run.number}`
    printTable(finished, answer, classes, files, seconds)
    console.log(`\n  ${url}\n  sign in as ${demo.account.email}, password ${demo.account.password}`)
    if (options.json) console.log(toJson(run.id, finished, files, url, seconds))
    else if (process.stdout.isTTY && !options.exit) await product.untilInterrupted()
  } finally {
    await product.stop()
  }
}

async function train(demo: OwnTeam, progress: Progress) {
  const version = await importSample(demo, SAMPLE, progress.say)
  const run = await startRun(demo, STUDENTS, version.id)
  await watchRun(demo, run, (view) => {
    if (view.phase === 'TRAINING' && view.progress) progress.showRun(view)
    else progress.say(`run ${run.number}: ${(view.phase ?? view.status).toLowerCase()}`)
  })
  const finished = await findRun(demo, run.id)
  return { run, finished, classes: version.classes.length }
}

async function download(
  demo: OwnTeam,
  runNumber: number,
  run: RunResultsFragment,
  progress: Progress,
): Promise<string[]> {
  progress.say('downloading the first student and the ensemble')
  const folder = path.join(ROOT, 'downloads', `run-${runNumber}`)
  const student = await downloadFile(demo.api, run.models[0]!.id, folder)
  return [student, await downloadFile(demo.api, run.ensemble!.id, folder)]
}

/** Runs the example that comes with the student on an image that it has never seen. */
async function tryStudent(zipFile: string, progress: Progress): Promise<string> {
  progress.say('asking the downloaded student about a test image')
  const folder = zipFile.replace(/\.zip$/, '')
  const pictures = path.join(path.dirname(zipFile), 'pictures')
  await unpack(zipFile, folder)
  await unpack(fileURLToPath(SAMPLE), pictures, (name) => name === PICTURE)
  const example = path.join(folder, 'example.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [example, path.join(pictures, PICTURE)], {
    cwd: folder,
  })
  return stdout.trim().split('\n').at(-1)!
}

const PICTURE = 'test/ankle-boot/0000.png'

function printTable(
  { evaluation }: RunResultsFragment,
  answer: string,
  classes: number,
  files: string[],
  seconds: number,
): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8)
  console.log(`\n  Accuracy on the test images (${classes} classes)\n`)
  for (const { name, architecture, parameters, top1 } of evaluation!.students) {
    console.log(
      `  ${name.padEnd(12)} ${architecture.padEnd(12)} ${String(parameters).padStart(9)} parameters ${percent(top1)}`,
    )
  }
  console.log(`  ${'ensemble, mean posterior'.padEnd(46)} ${percent(evaluation!.meanPosteriorTop1)}`)
  console.log(
    `  ${'ensemble, concatenated features'.padEnd(46)} ${percent(evaluation!.concatenatedFeaturesTop1)}`,
  )
  console.log(`\n  ${PICTURE}: the downloaded student says “${answer}”`)
  console.log(
    `\n  Hashes verified, in ${seconds} s:\n${files.map((file) => `  ${path.relative(ROOT, file)}`).join('\n')}`,
  )
}

function toJson(
  runId: string,
  run: RunResultsFragment,
  files: string[],
  url: string,
  seconds: number,
): string {
  const { students, meanPosteriorTop1, concatenatedFeaturesTop1 } = run.evaluation!
  return JSON.stringify({
    runId,
    students: students.map(({ name, architecture, top1 }) => ({ name, architecture, top1 })),
    ensemble: { meanPosteriorTop1, concatenatedFeaturesTop1 },
    files,
    url,
    seconds,
  })
}

await main().catch((error: Error) => {
  console.error(`\n  ${error.message}`)
  process.exitCode = 1
})
