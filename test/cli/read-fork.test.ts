import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readOptions } from '../../cli/train/read-options.ts'
import { Cohort } from '../../contract/cohort.ts'
import { resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import { encodeSafetensors } from '../../workers/engine/safetensors.ts'
import { ENGINE_VERSION } from '../../workers/engine/version.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'read-fork-'))

function checkpointOf(names: string[], teaching: object = {}): string {
  const students = names.map((name) => ({ name, architecture: 'resnet-8' }))
  const metadata = {
    ...{
      format: 'studyhall-checkpoint-1',
      step: '40',
      testTop1: 'null',
      seed: '7',
      threadsPerOperation: '1',
    },
    cohort: JSON.stringify(Cohort.parse({ students, teaching })),
    recipe: JSON.stringify(resolveRecipe('quick', { epochs: 5 })),
    ...{ dataset: '0'.repeat(64), engineVersion: ENGINE_VERSION },
  }
  const file = path.join(folder, `${names.join('-')}.safetensors`)
  writeFileSync(file, encodeSafetensors({ tensors: [], metadata }))
  return file
}

const read = (file: string, ...args: string[]) =>
  readOptions(['--data', 'x', '--out', 'y', '--fork', file, ...args])!
const three = checkpointOf(['student-1', 'student-2', 'student-3'])

it('is who stays and who comes, by names that nobody had', () => {
  const changes = ['--replace', '1=convnet-0.5', '--remove', '2', '--add', 'resnet-14', 'resnet-20']
  const { cohort, seed, fork } = read(three, ...changes)
  expect(cohort.students.map(({ name, architecture }) => `${name} ${architecture}`)).toEqual([
    'student-4 convnet-0.5',
    'student-3 resnet-8',
    'student-5 resnet-14',
    'student-6 resnet-20',
  ])
  expect(seed).toBe(7)
  expect(fork?.fork).toMatchObject({
    step: 40,
    joined: { 'student-4': 40, 'student-5': 40, 'student-6': 40 },
  })
})

it('keeps what is not said of teaching and recipe', () => {
  const distant = checkpointOf(['ada', 'ben'], { temperature: 3, updateRule: 'SIMULTANEOUS' })
  const { cohort, recipe } = read(distant, '--weight', '2', '--set', 'learningRate=0.01')
  expect(cohort.teaching).toMatchObject({ temperature: 3, updateRule: 'SIMULTANEOUS', weight: 2 })
  expect(recipe).toEqual(resolveRecipe('quick', { epochs: 5, learningRate: 0.01 }))
})

it.each<[string, string[], RegExp]>([
  ['a student who is not there', ['--remove', '4'], /there are students 1 to 3/],
  ['the same student twice', ['--remove', '2', '--replace', '2=resnet-20'], /student 2 is changed twice/],
  ['a replacement by nothing', ['--replace', '2'], /write number=architecture/],
  ['students of no kind', ['--add', 'resnet-9'], /no architecture “resnet-9”/],
  ['everybody', ['--remove', '1,2,3'], /at least one student/],
  ['a seed', ['--seed', '3'], /--seed cannot be said with --fork: it is the checkpoint’s/],
])('refuses to change %s', (_, args, words) => {
  expect(() => read(three, ...args)).toThrow(words)
})

it('refuses a file that is no checkpoint, and one that is not there', () => {
  const other = path.join(folder, 'other.safetensors')
  writeFileSync(other, encodeSafetensors({ tensors: [], metadata: { format: 'pt' } }))
  expect(() => read(other)).toThrow(/is no checkpoint of a run/)
  writeFileSync(other, 'not at all')
  expect(() => read(other)).toThrow(/is no checkpoint, or is damaged/)
  expect(() => read(path.join(folder, 'nowhere'))).toThrow(/cannot be read \(ENOENT\)/)
})
