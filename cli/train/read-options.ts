import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Cohort } from '../../contract/cohort.ts'
import type { Preparation } from '../../contract/packed/preparation.ts'
import { Recipe } from '../../contract/recipes/recipe.ts'
import {
  noteShortenedWarmup,
  PRESET_NAMES,
  type PresetName,
  resolveRecipe,
} from '../../contract/recipes/recipe-presets.ts'
import {
  CheckpointSettings,
  EXPORT_FORMATS,
  type ExportFormatName,
  TrainingOrder,
} from '../../contract/training.ts'
import type { WantedShape } from '../../workers/datasets/pictures/choose-shape.ts'
import { check, explained } from './check.ts'
import { FORMAT_NAMES, parseCommandLine, type RawOptions } from './command-line.ts'
import { readFork, type WantedFork } from './read-fork.ts'
import { readPreparation, readSize } from './read-pictures.ts'
import { readStarts, type WantedStarts } from './read-starts.ts'
import { UsageError } from './usage-error.ts'

export interface TrainOptions {
  /** A zip or a folder. */
  data: string
  /** Shape of the packed images; null dimensions are taken from the data. */
  wanted: WantedShape
  preparation: Preparation
  cohort: Cohort
  /** Path of the `model.safetensors` to use as the first student, as given. */
  teacher: string | undefined
  /** What the students begin with, besides the seed. */
  starts: WantedStarts
  /** The checkpoint that it goes on from. */
  fork: WantedFork | undefined
  recipe: Recipe
  /** What was made of the options otherwise than they say. */
  notes: string[]
  seed: number
  /** Folder to write the models to. */
  out: string
  formats: ExportFormatName[]
  /** Keep checkpoints in that folder until the training is done, and resume from those found there. */
  resume: boolean
  /** Keep checkpoints there for good, at most so many steps apart. */
  checkpointEvery: number | undefined
  /** Exit before training if anything about the data is doubtful. */
  strict: boolean
  json: boolean
}

/**
 * Reads the command line and resolves cohort and recipe.
 * @returns null if help was requested and printed
 * @throws UsageError with a one-line message
 */
export function readOptions(argv: readonly string[]): TrainOptions | null {
  const raw = parseCommandLine(argv)
  if (!raw) return null
  const plan = raw.fork === undefined ? planAnew(raw) : planFork(raw)
  return {
    ...plan,
    data: raw.data,
    wanted: readSize(raw.size),
    preparation: readPreparation(raw),
    teacher: raw.teacher,
    starts: readStarts(raw, plan.cohort.students.length),
    out: raw.out,
    formats: readFormats(raw.formats),
    resume: raw.resume,
    checkpointEvery:
      raw.checkpointEvery === undefined
        ? undefined
        : check(
            CheckpointSettings.shape.everySteps.unwrap(),
            '--checkpoint-every',
            Number(raw.checkpointEvery),
          ),
    strict: raw.strict,
    json: raw.json,
  }
}

type Plan = Pick<TrainOptions, 'cohort' | 'recipe' | 'notes' | 'seed' | 'fork'>

function planAnew(raw: RawOptions): Plan {
  const [alone] = ['add', 'remove', 'replace'].filter((name) => raw.given.has(name))
  if (alone) throw new UsageError(`--${alone} changes the cohort of a checkpoint: say which with --fork.`)
  if (raw.students === undefined)
    throw new UsageError(
      'Say who is trained with --students, or what is gone on from with --fork; see --help.',
    )
  const weightsSha256 = raw.teacher && hashFile(raw.teacher)
  const students = raw.students.split(',').map((name, i) => ({
    name: `student-${i + 1}`,
    architecture: name.trim(),
    ...(i === 0 && weightsSha256 && { weightsSha256 }),
  }))
  return {
    cohort: check(Cohort, '', { students, teaching: readTeaching(raw) }),
    ...resolveOrExplain(raw.recipe, readOverrides(raw.set)),
    seed: check(TrainingOrder.shape.seed, 'seed', Number(raw.seed)),
    fork: undefined,
  }
}

function planFork(raw: RawOptions): Plan {
  const { origin, students, fork } = readFork(raw)
  const all = readTeaching(raw)
  const said = Object.entries(TEACHING_OPTIONS).flatMap(([key, option]) =>
    raw.given.has(option) ? [[key, all[key as keyof typeof all]]] : [],
  )
  const teaching = { ...origin.cohort.teaching, ...Object.fromEntries(said) }
  const overrides = readOverrides(raw.set)
  refuseUnknown(overrides)
  return {
    cohort: check(Cohort, '', { students, teaching }),
    recipe: check(Recipe, 'recipe', { ...origin.recipe, ...overrides }),
    ...{ notes: [], seed: origin.seed, fork },
  }
}

/** The option of each part of a teaching. */
const TEACHING_OPTIONS = {
  method: 'method',
  updateRule: 'update',
  partnerRule: 'partners',
  temperature: 'temperature',
  weight: 'weight',
  divergence: 'divergence',
  featureWeight: 'features',
  targetClassWeight: 'targetClass',
  otherClassesWeight: 'otherClasses',
  standardizesLogits: 'standardize',
  ensembleRule: 'ensemble',
  peerAverageDecay: 'peerAverage',
  pausesLeader: 'pauseLeader',
} as const

function readTeaching(raw: RawOptions) {
  return {
    method: raw.method.toUpperCase(),
    updateRule: raw.update.toUpperCase(),
    partnerRule: raw.partners.toUpperCase(),
    temperature: Number(raw.temperature),
    weight: Number(raw.weight),
    divergence: raw.divergence.toUpperCase().replaceAll('-', '_'),
    featureWeight: Number(raw.features),
    targetClassWeight: Number(raw.targetClass),
    otherClassesWeight: Number(raw.otherClasses),
    standardizesLogits: raw.standardize,
    ensembleRule: raw.ensemble.toUpperCase().replaceAll('-', '_'),
    peerAverageDecay: raw.peerAverage === undefined ? null : Number(raw.peerAverage),
    pausesLeader: raw.pauseLeader,
  }
}

function hashFile(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch (error) {
    throw new UsageError(`--teacher ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function readFormats(names: string): ExportFormatName[] {
  const formats = names.split(',').map((text) => {
    const name = text.trim().toLowerCase()
    const format = EXPORT_FORMATS[FORMAT_NAMES.indexOf(name)]
    if (!format) throw new UsageError(`There is no format “${name}”; choose of ${FORMAT_NAMES.join(', ')}.`)
    return format
  })
  return [...new Set(formats)]
}

function readOverrides(settings: readonly string[]): Record<string, unknown> {
  const overrides: Record<string, unknown> = {}
  for (const setting of settings) {
    const equals = setting.indexOf('=')
    if (equals < 1) throw new UsageError(`--set ${setting}: write key=value, for example epochs=3.`)
    const [key, value] = [setting.slice(0, equals), readValue(setting.slice(equals + 1))]
    // One number is a square's side.
    overrides[key] =
      key === 'inputSize' && typeof value === 'number' ? { height: value, width: value } : value
  }
  return overrides
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function resolveOrExplain(
  preset: string,
  overrides: Record<string, unknown>,
): { recipe: Recipe; notes: string[] } {
  if (!(PRESET_NAMES as readonly string[]).includes(preset))
    throw new UsageError(`There is no recipe “${preset}”; choose ${PRESET_NAMES.join(' or ')}.`)
  refuseUnknown(overrides)
  try {
    const recipe = resolveRecipe(preset as PresetName, overrides)
    const note = noteShortenedWarmup(preset as PresetName, overrides)
    return { recipe, notes: note === undefined ? [] : [note] }
  } catch (error) {
    throw explained('recipe', error)
  }
}

function refuseUnknown(overrides: Record<string, unknown>): void {
  const unknown = Object.keys(overrides).find((key) => !(key in Recipe.shape))
  if (unknown)
    throw new UsageError(
      `A recipe has no key “${unknown}”; its keys are ${Object.keys(Recipe.shape).join(', ')}.`,
    )
}
