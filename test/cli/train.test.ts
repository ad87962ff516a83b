import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { programArguments } from '../../scripts/start/program.ts'
import { png, twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { childrenOf } from '../workers/processes.ts'
import { waitUntil } from '../workers/wait-until.ts'

let folder: string
let archive: string
/** Its class “fox” has no test image. */
let doubtful: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'train-command-'))
  archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  const fox = { 'train/fox/1.png': await png(1), 'train/fox/2.png': await png(2) }
  doubtful = await writeZip(path.join(folder, 'doubtful.zip'), { ...(await twoClasses(4)), ...fox })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** The command as `npm run train` starts it, without a database or anything else in its environment. */
function start(args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const { PATH, HOME, LD_LIBRARY_PATH } = process.env
  const child = spawn(process.execPath, [...programArguments('train'), ...args], {
    env: { PATH, HOME, LD_LIBRARY_PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr!.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  )
  return { child, ended }
}

const train = (args: string[]) => start(args).ended
const outOf = (name: string) => path.join(folder, name)

it('trains two students and leaves them and their ensemble in the folder', async () => {
  const out = outOf('models')
  const { code, stdout, stderr } = await train([
    ...['--data', archive, '--students', 'resnet-8,resnet-8', '--out', out, '--update', 'SIMULTANEOUS'],
    ...['--set', 'epochs=2', 'batchSize=16', '--json'],
    ...['--size', '12x10', '--fit', 'contain', '--background', 'black'],
  ])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.find(({ type }) => type === 'packed')).toMatchObject({
    dataset: {
      ...{ width: 12, height: 10, channels: 3, classes: ['dark', 'light'] },
      splits: [
        { name: 'train', count: 64, classCounts: [32, 32] },
        { name: 'test', count: 16, classCounts: [8, 8] },
      ],
    },
    report: { leftOutCount: 0, ignoredCount: 0, doubts: [] },
  })
  const finished = lines.at(-1)
  expect(finished).toMatchObject({
    type: 'finished',
    students: [{ name: 'student-1' }, { name: 'student-2' }],
  })
  expect(finished.ensemble.meanPosteriorTop1).toBeGreaterThanOrEqual(0)
  expect(lines.filter(({ type }) => type === 'metrics').at(-1)).toMatchObject({ step: 8, steps: 8, epoch: 2 })
  const left = await readdir(out)
  expect(finished.files.map((file: string) => path.basename(file)).sort()).toEqual(left.sort())
  expect(left.filter((name) => name.endsWith('.zip'))).toHaveLength(3)
  const record = JSON.parse(await readFile(path.join(out, 'training.json'), 'utf8'))
  expect(record).toMatchObject({
    seed: 1,
    recipe: { epochs: 2, batchSize: 16 },
    dataset: {
      ...{ classes: ['dark', 'light'], width: 12, height: 10 },
      preparation: { fit: 'CONTAIN', background: '#000000' },
    },
  })
}, 90_000)

it('has the students of one training be the teachers of the next', async () => {
  const common = [
    '--data',
    archive,
    '--set',
    'epochs=2',
    'batchSize=16',
    '--formats',
    'safetensors',
    '--json',
  ]
  const alone = ['--students', 'convnet-0.5', '--method', 'independent', '--out', outOf('teacher')]
  expect((await train([...common, ...alone])).code).toBe(0)
  const teacher = path.join(outOf('teacher'), 'student-1-convnet-0.5-safetensors', 'model.safetensors')
  const students = [
    '--students',
    'convnet-0.5,convnet-0.25',
    '--method',
    'distillation',
    '--teacher',
    teacher,
  ]
  const { code, stdout } = await train([...common, ...students, '--out', outOf('taught')])
  expect(code).toBe(0)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const points = lines.flatMap((line) => line.points ?? []).filter(({ name }) => name === 'mutualLoss')
  // The teacher has no stage of its own: eight steps, all of them the other student's.
  expect(points.map(({ student, step }) => [student, step])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => [1, step]),
  )
}, 90_000)

it('prints a table for a person', async () => {
  const { code, stdout, stderr } = await train([
    ...['--data', archive, '--students', 'resnet-8', '--method', 'independent', '--out', outOf('table')],
    ...['--set', 'epochs=1', 'batchSize=16', 'inputSize=12'],
  ])
  expect(code).toBe(0)
  expect(stderr).toMatch(
    /80 images packed, 0 left out.*8×8, colour; 2 classes.*train: 64 \(dark 32, light 32\)/s,
  )
  expect(stderr).toMatch(/warm-up of “quick”, 1 epoch, would be the whole training/)
  expect(JSON.parse(await readFile(path.join(outOf('table'), 'training.json'), 'utf8')).recipe).toMatchObject(
    {
      ...{ inputSize: { height: 12, width: 12 }, schedule: { kind: 'COSINE', warmupEpochs: 0.5 } },
    },
  )
  expect(stdout).toMatch(
    /top-1 +top-5 +loss +ECE +entropy +parameters\nstudent-1 \(resnet-8\) +\d+\.\d\d % +100\.00 % +\d/,
  )
  expect(stdout).not.toContain('ensemble')
}, 90_000)

const REFUSED: [what: string, args: () => string[], words: RegExp][] = [
  [
    'an unknown architecture',
    () => ['--students', 'resnet-9,resnet-8'],
    /no architecture “resnet-9”; choose one of resnet-8/,
  ],
  ['one student who is to learn from others', () => ['--students', 'resnet-8'], /at least two/],
  ['an unknown recipe', () => ['--recipe', 'slow'], /no recipe “slow”; choose cifar-paper or .*quick/],
  ['an unknown key of a recipe', () => ['--set', 'epoch=3'], /no key “epoch”; its keys are epochs/],
  ['a value out of range', () => ['--set', 'epochs=0'], /recipe, epochs: /],
  [
    'a teacher that is no file',
    () => ['--teacher', 'nowhere.safetensors'],
    /--teacher nowhere\.safetensors .*ENOENT/,
  ],
  ['a teacher of peers', () => ['--teacher', archive], /only the first student under DISTILLATION/],
  ['an unknown method', () => ['--method', 'TELEPATHY'], /teaching\.method: .*MUTUAL/],
  ['a seed that is no number', () => ['--seed', 'x'], /seed: /],
  [
    'an unknown format',
    () => ['--formats', 'tfjs,coreml'],
    /no format “coreml”; choose of tfjs, saved-model/,
  ],
  ['a size that is none', () => ['--size', 'large'], /--size large: write width x height in pixels/],
  ['a side out of range', () => ['--size', '4x16'], /--size 4x16: a side has 8 to 512 pixels/],
  ['an unknown fit', () => ['--fit', 'crop'], /fit: .*COVER/],
  ['a background that is no colour', () => ['--background', 'grass'], /a colour is written #rrggbb/],
  ['an option that does not exist', () => ['--epochs', '3'], /unknown option '--epochs'/],
  [
    'a batch larger than the data',
    () => ['--set', 'batchSize=65'],
    /batch of 65 is larger than the 64 training images/,
  ],
  ['data that is not there', () => ['--data', outOf('nowhere')], /nothing at .*nowhere/],
  [
    'doubtful data under --strict',
    () => ['--data', doubtful, '--strict'],
    /doubtful\.zip: The class “fox” has training images and no test image.* Under --strict/,
  ],
  ['an empty folder', () => ['--data', outOf('empty')], /empty: The folder is empty/],
  [
    'an unreadable zip',
    () => ['--data', outOf('broken.zip')],
    /broken\.zip: This is not a zip, tar or tar\.gz archive that can be read/,
  ],
]

it.each(REFUSED)('refuses %s in one line, with exit code 2, and leaves nothing', async (_, args, words) => {
  await mkdir(outOf('empty'), { recursive: true })
  await writeFile(outOf('broken.zip'), 'PK, but no archive')
  const out = outOf('refused')
  const usual = ['--data', archive, '--students', 'resnet-8,resnet-8', '--out', out]
  const { code, stdout, stderr } = await train([...usual, ...args(), '--json'])
  const complaint = stderr.trimEnd().split('\n')
  expect(complaint).toHaveLength(1)
  expect(complaint[0]).toMatch(words)
  expect(code).toBe(2)
  if (!stdout.includes('"packed"')) expect(stdout).toBe('')
  await expect(readdir(out)).rejects.toThrow('ENOENT')
})

it('leaves no process and no file behind when it is interrupted', async () => {
  const out = outOf('interrupted')
  const { child, ended } = start([
    ...['--data', archive, '--students', 'resnet-8,resnet-8', '--out', out, '--json'],
    ...['--set', 'epochs=10000', 'batchSize=16', 'evaluateEveryEpochs=10000'],
  ])
  const isTraining = new Promise<void>((resolve) =>
    child.stdout!.on('data', (chunk) => String(chunk).includes('"metrics"') && resolve()),
  )
  await isTraining
  const processes = await childrenOf(child.pid!)
  expect(processes.length).toBeGreaterThan(0)
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toBe('Interrupted; nothing was left behind.\n')
  await waitUntil('the training process is gone', async () => {
    const alive = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/stat`).catch(() => null)))
    return alive.every((stat) => stat === null)
  })
  await expect(readdir(out)).rejects.toThrow('ENOENT')
}, 60_000)

it('goes on with --resume where it was interrupted, and leaves every format that was asked for', async () => {
  const out = outOf('resumed')
  const command = [
    ...['--data', archive, '--students', 'resnet-8,resnet-8', '--out', out, '--json', '--resume'],
    ...['--formats', 'onnx,safetensors', '--set', 'epochs=30', 'batchSize=16', 'evaluateEveryEpochs=30'],
  ]
  const { child, ended } = start(command)
  child.stdout!.on('data', (chunk) => String(chunk).includes('"metrics"') && child.kill('SIGINT'))
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toBe(`Interrupted; the same command goes on from ${path.join(out, 'checkpoints')}.\n`)
  expect(await readdir(out)).toEqual(['checkpoints'])
  const resumed = await train(command)
  expect(resumed.code).toBe(0)
  const lines = resumed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const steps = lines.flatMap(({ type, points }) =>
    type === 'metrics' ? points.map(({ step }: { step: number }) => step) : [],
  )
  const [first] = steps
  expect(first).toBeGreaterThan(1)
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'log', message: `Resuming after step ${first - 1} from a checkpoint.` }),
  )
  const left = await readdir(out)
  expect(left.filter((name) => name.endsWith('.zip'))).toHaveLength(6)
  expect(left).not.toContain('checkpoints')
}, 120_000)

it('exits with 1 and the engine’s words where a loss is no longer finite', async () => {
  const { code, stderr } = await train([
    ...['--data', archive, '--students', 'resnet-8,resnet-8', '--out', outOf('exploded')],
    ...['--set', 'epochs=50', 'batchSize=16', 'learningRate=100', 'schedule={"kind":"CONSTANT"}'],
  ])
  expect(code).toBe(1)
  expect(stderr).toMatch(/student-\d became .* at step \d+.*\(NOT_FINITE\)/)
}, 60_000)
