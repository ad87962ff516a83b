import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { Cohort, DIVERGENCES, PARTNER_RULES, TEACHING_METHODS, UPDATE_RULES } from '../../contract/cohort.ts'
import { FITS, type Preparation } from '../../contract/packed/preparation.ts'
import { Recipe } from '../../contract/recipes/recipe.ts'
import {
  noteShortenedWarmup,
  PRESET_NAMES,
  type PresetName,
  resolveRecipe,
} from '../../contract/recipes/recipe-presets.ts'
import { EXPORT_FORMATS, type ExportFormatName, TrainingOrder } from '../../contract/training.ts'
import type { WantedShape } from '../../workers/datasets/pictures/choose-shape.ts'
import { check, explained } from './check.ts'
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
  recipe: Recipe
  /** What was made of the options otherwise than they say. */
  notes: string[]
  seed: number
  /** Folder to write the models to. */
  out: string
  formats: ExportFormatName[]
  /** Keep checkpoints in that folder until the training is done, and resume from those found there. */
  resume: boolean
  /** Exit before training if anything about the data is doubtful. */
  strict: boolean
  json: boolean
}

interface RawOptions {
  data: string
  size?: string
  fit: string
  background: string
  students: string
  recipe: string
  seed: string
  out: string
  formats: string
  resume: boolean
  method: string
  update: string
  partners: string
  teacher?: string
  temperature: string
  weight: string
  divergence: string
  features: string
  start: string[]
  freeze: string
  startLicence?: string
  set: string[]
  strict: boolean
  json: boolean
}

const FORMAT_NAMES = EXPORT_FORMATS.map((format) => format.toLowerCase().replace('_', '-'))

/**
 * Reads the command line and resolves cohort and recipe.
 * @returns null if help was requested and printed
 * @throws UsageError with a one-line message
 */
export function readOptions(argv: readonly string[]): TrainOptions | null {
  const raw = parseCommandLine(argv)
  if (!raw) return null
  const architectures = raw.students.split(',').map((name) => name.trim())
  const weightsSha256 = raw.teacher && hashFile(raw.teacher)
  return {
    data: raw.data,
    wanted: readSize(raw.size),
    preparation: readPreparation(raw),
    cohort: check(Cohort, '', {
      students: architectures.map((architecture, i) => ({
        name: `student-${i + 1}`,
        architecture,
        ...(i === 0 && weightsSha256 && { weightsSha256 }),
      })),
      teaching: {
        method: raw.method.toUpperCase(),
        updateRule: raw.update.toUpperCase(),
        partnerRule: raw.partners.toUpperCase(),
        temperature: Number(raw.temperature),
        weight: Number(raw.weight),
        divergence: raw.divergence.toUpperCase().replaceAll('-', '_'),
        featureWeight: Number(raw.features),
      },
    }),
    teacher: raw.teacher,
    starts: readStarts(raw, architectures.length),
    ...resolveOrExplain(raw.recipe, readOverrides(raw.set)),
    seed: check(TrainingOrder.shape.seed, 'seed', Number(raw.seed)),
    out: raw.out,
    formats: readFormats(raw.formats),
    resume: raw.resume,
    strict: raw.strict,
    json: raw.json,
  }
}

function parseCommandLine(argv: readonly string[]): RawOptions | null {
  const command = new Command('npm run train --')
    .description('Trains a cohort on a dataset on disk; needs no services.')
    .requiredOption(
      '--data <path>',
      'zip or folder: train/<class>/…, test/<class>/…, or Market-1501’s folders',
    )
    .requiredOption('--students <names>', 'architectures, separated by commas: resnet-20,resnet-20')
    .requiredOption('--out <folder>', 'where the students and the ensemble are left')
    .option(
      '--size <pixels>',
      'width x height of the images as packed: 64x48, or 64; left out: what is usual among them',
    )
    .option(
      '--fit <way>',
      `${FITS.join(', ').toLowerCase()}: how an image of other proportions is brought to that`,
      'cover',
    )
    .option('--background <colour>', 'what transparent images lie on: white, black or #rrggbb', 'white')
    .option('--recipe <preset>', PRESET_NAMES.join(' or '), 'quick')
    .option('--seed <n>', 'everything random follows from it', '1')
    .option('--method <name>', TEACHING_METHODS.join(', '), 'MUTUAL')
    .option('--update <rule>', UPDATE_RULES.join(' or '), 'SEQUENTIAL')
    .option('--partners <rule>', `${PARTNER_RULES.join(' or ')}: from whom a student learns`, 'ALL')
    .option(
      '--teacher <file>',
      'DISTILLATION: model.safetensors of a finished model, which the first student is',
    )
    .option(
      '--start <files...>',
      'weights to begin with: a file for all students, or 2=file for the second; safetensors, PyTorch, Keras or TF.js',
      [],
    )
    .option(
      '--freeze <epochs>',
      'for so many epochs only the layers learn that are not in those weights',
      '0',
    )
    .option('--start-licence <text>', 'of those weights, for the model cards')
    .option('--temperature <n>', 'softens the posteriors that students learn from', '1')
    .option('--weight <n>', 'of the term that has students learn from each other', '1')
    .option('--divergence <name>', `${DIVERGENCES.join(' or ')}: what posteriors are compared by`, 'KL')
    .option('--features <n>', 'weight of the difference to the peers’ features, of one size', '0')
    .option('--set <key=value...>', 'another value for a key of the recipe: epochs=3', [])
    .option('--formats <names>', `separated by commas: ${FORMAT_NAMES.join(',')}`, 'tfjs')
    .option('--resume', 'keep checkpoints, and go on from where the same command was interrupted', false)
    .option('--strict', 'train on nothing that is doubtful about the data: end with exit code 2', false)
    .option('--json', 'print a JSON line for every event', false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  try {
    return command.parse(argv, { from: 'user' }).opts<RawOptions>()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return null
    throw new UsageError(`${error.message.replace(/^error: /, '')}; see --help.`)
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
  const unknown = Object.keys(overrides).find((key) => !(key in Recipe.shape))
  if (unknown)
    throw new UsageError(
      `A recipe has no key “${unknown}”; its keys are ${Object.keys(Recipe.shape).join(', ')}.`,
    )
  try {
    const recipe = resolveRecipe(preset as PresetName, overrides)
    const note = noteShortenedWarmup(preset as PresetName, overrides)
    return { recipe, notes: note === undefined ? [] : [note] }
  } catch (error) {
    throw explained('recipe', error)
  }
}
