import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { png, twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { startTraining } from './train-command.ts'

let folder: string
let archive: string
/** Its class “fox” has no test image. */
let doubtful: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'train-refused-'))
  archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  const fox = { 'train/fox/1.png': await png(1), 'train/fox/2.png': await png(2) }
  doubtful = await writeZip(path.join(folder, 'doubtful.zip'), { ...(await twoClasses(4)), ...fox })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const outOf = (name: string) => path.join(folder, name)

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
  [
    'weights to begin with that are none',
    () => ['--start', archive],
    /--start tiny\.zip cannot be started from: it is a zip without a model in it/,
  ],
  ['weights for a student that is not there', () => ['--start', '3=a.pth'], /there are students 1 to 2/],
  ['frozen epochs of nothing', () => ['--freeze', '1'], /about the weights of --start, which is missing/],
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
  ['students for a checkpoint’s', () => ['--fork', archive], /--students cannot be said with --fork: change/],
  ['a newcomer to nothing', () => ['--add', 'resnet-8'], /--add changes the cohort of a checkpoint/],
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
    /broken\.zip: This is (a text, )?not a zip, tar or tar\.gz archive that can be read/,
  ],
]

it.each(REFUSED)('refuses %s in one line, with exit code 2, and leaves nothing', async (_, args, words) => {
  await mkdir(outOf('empty'), { recursive: true })
  await writeFile(outOf('broken.zip'), 'PK, but no archive')
  const out = outOf('refused')
  const usual = ['--data', archive, '--students', 'resnet-8,resnet-8', '--out', out]
  const { code, stdout, stderr } = await startTraining([...usual, ...args(), '--json']).ended
  const complaint = stderr.trimEnd().split('\n')
  expect(complaint).toHaveLength(1)
  expect(complaint[0]).toMatch(words)
  expect(code).toBe(2)
  if (!stdout.includes('"packed"')) expect(stdout).toBe('')
  await expect(readdir(out)).rejects.toThrow('ENOENT')
})
