import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { childrenOf } from '../workers/processes.ts'
import { behindHeader } from '../workers/starts/trained-model.ts'
import { waitUntil } from '../workers/wait-until.ts'
import { startTraining } from './train-command.ts'

let folder: string
let archive: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'train-command-'))
  archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const train = (args: string[]) => startTraining(args).ended
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
  // Of functions of Node that tfjs-node calls.
  expect(stderr).not.toContain('DeprecationWarning')
}, 90_000)

it('leaves no process and no file behind when it is interrupted', async () => {
  const out = outOf('interrupted')
  const { child, ended } = startTraining([
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
  const { child, ended } = startTraining(command)
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

it('goes on with --fork from a checkpoint of another training, with another student', async () => {
  const common = ['--data', archive, '--formats', 'safetensors', '--json']
  const [out, forked] = [outOf('forked-from'), outOf('forked')]
  const students = ['--students', 'convnet-0.25,convnet-0.5', '--method', 'independent']
  const recipe = ['--set', 'epochs=2', 'batchSize=16']
  const parent = await train([...common, ...students, ...recipe, '--out', out, '--checkpoint-every', '2'])
  expect(parent.code).toBe(0)
  const checkpoints = await readdir(path.join(out, 'checkpoints'))
  // After the first evaluation, there always is one.
  const checkpoint = path.join(out, 'checkpoints', checkpoints.find((name) => name.startsWith('step-4-'))!)
  const changes = ['--replace', '2=convnet-0.25']
  const fork = await train([...common, '--fork', checkpoint, ...changes, '--out', forked])
  expect(fork.stderr).toBe('')
  const points = fork.stdout
    .trimEnd()
    .split('\n')
    .flatMap((line) => JSON.parse(line).points ?? [])
    .filter(({ name }) => name === 'loss')
  expect(Math.min(...points.map(({ step }) => step))).toBe(5)
  const weightsIn = (folder: string) =>
    readFile(path.join(folder, 'student-1-convnet-0.25-safetensors', 'model.safetensors'))
  const [went, goesOn] = [await weightsIn(out), await weightsIn(forked)]
  expect(behindHeader(goesOn)).toEqual(behindHeader(went))
  const record = JSON.parse(await readFile(path.join(forked, 'training.json'), 'utf8'))
  expect(record).toMatchObject({ fork: { step: 4, joined: { 'student-3': 4 } }, recipe: { epochs: 2 } })
}, 90_000)

it('exits with 1 and the engine’s words where a loss is no longer finite', async () => {
  const { code, stderr } = await train([
    ...['--data', archive, '--students', 'resnet-8,resnet-8', '--out', outOf('exploded')],
    ...['--set', 'epochs=50', 'batchSize=16', 'learningRate=100', 'schedule={"kind":"CONSTANT"}'],
  ])
  expect(code).toBe(1)
  expect(stderr).toMatch(/student-\d became .* at step \d+.*\(NOT_FINITE\)/)
}, 60_000)
