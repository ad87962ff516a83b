import { readFile } from 'node:fs/promises'
import { TEACHING_METHODS } from '../../../contract/cohort.ts'
import { usageError } from '../outcome.ts'
import { readSettings } from './read-settings.ts'

/** What an experiment is made of where nobody has written a file. */
export interface DesignOptions {
  title?: string
  students?: string
  compare?: string
  seeds?: string
  recipe: string
  set: string[]
  start?: string
  freeze?: number
}

const USUAL_COMPARED = 'independent,mutual'
const USUAL_SEEDS = '1,2,3'

/** The experiment that a file or the options describe; the API checks whether it can be paired. */
export async function designExperiment(file: string | undefined, options: DesignOptions): Promise<unknown> {
  if (file === undefined) return fromOptions(options)
  const given = [options.students, options.compare, options.seeds, options.start, options.freeze].some(
    (option) => option !== undefined,
  )
  if (given || options.set.length > 0)
    throw usageError(
      `${file} says what is compared: leave out --students, --compare, --seeds, --set, --start and --freeze. In it a student is {"name", "architecture", "startModelId"}.`,
    )
  const content = await readJson(file)
  const isObject = typeof content === 'object' && content !== null
  return options.title !== undefined && isObject ? { ...content, title: options.title } : content
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${file} cannot be read (${error.code}).`)
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usageError(`${file} is no JSON: ${(error as Error).message}`)
  }
}

/** The same students under each method; the first method is the control of the others. */
function fromOptions({
  title,
  students: list,
  compare,
  seeds,
  recipe,
  set,
  ...begun
}: DesignOptions): object {
  if (!list)
    throw usageError('Name a file, or the students: --students resnet-8,resnet-8 lets two teach each other.')
  const architectures = splitList(list)
  const students = architectures.map((architecture, i) => studentOf(architecture, i, begun))
  const methods = splitList(compare ?? USUAL_COMPARED).map(readMethod)
  return {
    title: title ?? `${methods.map(inWords).join(' or ')}: ${architectures.join(', ')}`,
    recipe: { preset: recipe, overrides: readSettings(set) },
    conditions: [{ name: 'as it is' }],
    arms: methods.map((method) => ({ name: inWords(method), students, teaching: { method } })),
    seeds: splitList(seeds ?? USUAL_SEEDS).map(readSeed),
  }
}

function studentOf(
  architecture: string,
  i: number,
  { start, freeze }: Pick<DesignOptions, 'start' | 'freeze'>,
) {
  if (start === undefined && freeze !== undefined)
    throw usageError('--freeze is about the weights of --start, which is missing.')
  if (start === undefined) return architecture
  return { name: `student-${i + 1}`, architecture, startModelId: start, frozenEpochs: freeze ?? 0 }
}

function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

function readMethod(text: string): string {
  const method = TEACHING_METHODS.find((known) => known === text.toUpperCase().replaceAll('-', '_'))
  if (method) return method
  throw usageError(`--compare ${text}: choose of ${TEACHING_METHODS.map(inWords).join(', ')}.`)
}

function inWords(method: string): string {
  return method.toLowerCase().replaceAll('_', '-')
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed < 2 ** 31) return seed
  throw usageError(`--seeds ${text}: write whole numbers from 0 to 2147483647, separated by commas.`)
}
