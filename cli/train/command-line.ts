import { Command, CommanderError } from 'commander'
import {
  DIVERGENCES,
  ENSEMBLE_RULES,
  PARTNER_RULES,
  TEACHING_METHODS,
  UPDATE_RULES,
} from '../../contract/cohort.ts'
import { FITS } from '../../contract/packed/preparation.ts'
import { PRESET_NAMES } from '../../contract/recipes/recipe-presets.ts'
import { EXPORT_FORMATS } from '../../contract/training.ts'
import { UsageError } from './usage-error.ts'

export interface RawOptions {
  data: string
  size?: string
  fit: string
  background: string
  students?: string
  fork?: string
  add: string[]
  remove: string[]
  replace: string[]
  recipe: string
  seed: string
  out: string
  formats: string
  resume: boolean
  checkpointEvery?: string
  method: string
  update: string
  partners: string
  teacher?: string
  temperature: string
  weight: string
  divergence: string
  features: string
  targetClass: string
  otherClasses: string
  standardize: boolean
  ensemble: string
  peerAverage?: string
  pauseLeader: boolean
  start: string[]
  freeze: string
  startLicence?: string
  set: string[]
  strict: boolean
  json: boolean
  /** Names of the options that stand on the command line. */
  given: ReadonlySet<string>
}

export const FORMAT_NAMES = EXPORT_FORMATS.map((format) => format.toLowerCase().replace('_', '-'))

/** @returns null if help was requested and printed @throws UsageError */
export function parseCommandLine(argv: readonly string[]): RawOptions | null {
  const command = new Command('npm run train --')
    .description('Trains a cohort on a dataset on disk; needs no services.')
    .requiredOption(
      '--data <path>',
      'zip or folder: train/<class>/…, test/<class>/…, or Market-1501’s folders',
    )
    .option('--students <names>', 'architectures, separated by commas: resnet-20,resnet-20')
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
    .option('--target-class <n>', 'DECOUPLED_KL: weight α of the image’s class', '1')
    .option('--other-classes <n>', 'DECOUPLED_KL: weight β of the other classes', '8')
    .option('--standardize', 'compare the z-scores of logits', false)
    .option(
      '--ensemble <rule>',
      `ENSEMBLE_TEACHER: ${ENSEMBLE_RULES.join(', ')}: what its teacher says`,
      'MEAN_POSTERIOR',
    )
    .option('--peer-average <decay>', 'peers teach by the average of their weights, with this decay')
    .option('--pause-leader', 'the student that is too far ahead waits', false)
    .option('--set <key=value...>', 'another value for a key of the recipe: epochs=3', [])
    .option(
      '--fork <checkpoint>',
      'go on from a checkpoint of another training instead, with its students, teaching, recipe and seed but for what is said',
    )
    .option('--add <architectures...>', 'with --fork: newcomers, from the first step after it', [])
    .option('--remove <numbers...>', 'with --fork: students who leave', [])
    .option('--replace <n=architecture...>', 'with --fork: a newcomer in a student’s place: 2=resnet-20', [])
    .option('--formats <names>', `separated by commas: ${FORMAT_NAMES.join(',')}`, 'tfjs')
    .option('--resume', 'keep checkpoints, and go on from where the same command was interrupted', false)
    .option(
      '--checkpoint-every <steps>',
      'keep checkpoints, at most so many steps apart, and the last, in <out>/checkpoints, for --fork',
    )
    .option('--strict', 'train on nothing that is doubtful about the data: end with exit code 2', false)
    .option('--json', 'print a JSON line for every event', false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  try {
    const options = command.parse(argv, { from: 'user' }).opts<RawOptions>()
    const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli')
    return { ...options, given: new Set(given) }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return null
    throw new UsageError(`${error.message.replace(/^error: /, '')}; see --help.`)
  }
}
