/** What a team is told of a file of weights before a student begins with it. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ARCHITECTURE_FAMILIES, type ArchitectureFamilyName } from '../../../contract/architectures.ts'
import { FAILURE_LENGTH } from '../../../contract/limits.ts'
import { toStorable } from '../../../contract/text.ts'
import {
  type FamilyFit,
  type GivenWeightsInspection,
  SHOWN_WEIGHTS_CLASSES,
  type WeightsAnswer,
  type WeightsOrder,
} from '../../../contract/weights/given-weights.ts'
import { amiss, findFits } from './find-fits.ts'
import { type GivenWeights, GivenWeightsError, UnknownNamesError } from './given-weights.ts'
import { listed } from './listed.ts'
import { encodeRenamed } from './prepare-start.ts'
import { readGivenFile } from './read-given-file.ts'
import { type RenamedWeights, renameWeights } from './rename-weights.ts'

const LONGEST_CLASS_NAME = 200

/** Reads a file, finds what it fits, and writes what students of each family begin with. */
export async function inspectWeights(order: WeightsOrder): Promise<WeightsAnswer> {
  try {
    const { weights } = await readGivenFile(order.location)
    return { type: 'read', inspection: await inspect(weights, order.outputFolder) }
  } catch (error) {
    if (!(error instanceof GivenWeightsError)) throw error
    const sentence = `${error.message.slice(0, FAILURE_LENGTH - 2)}.`
    return { type: 'refused', reason: sentence.charAt(0).toUpperCase() + sentence.slice(1) }
  }
}

async function inspect(weights: GivenWeights, folder: string): Promise<GivenWeightsInspection> {
  const families: FamilyFit[] = []
  let nearest = { count: 0, words: '' }
  for (const family of Object.keys(ARCHITECTURE_FAMILIES) as ArchitectureFamilyName[]) {
    const renamed = renamedFor(weights, family)
    if (!renamed) continue
    const { naming, tensors } = renamed
    if (tensors.length > nearest.count)
      nearest = {
        count: tensors.length,
        words: `${naming} ${naming.includes(' and ') ? 'name' : 'names'} a ${ARCHITECTURE_FAMILIES[family].title}’s`,
      }
    const fits = findFits(family, tensors)
    if (fits.length > 0) families.push({ family, ...(await store(renamed, folder)), fits })
  }
  if (families.length === 0) throw fitsNowhere(weights, nearest)
  const { form, tensors, classes } = weights
  const shown = classes?.slice(0, SHOWN_WEIGHTS_CLASSES).map((name) => toStorable(name, LONGEST_CLASS_NAME))
  const best = ({ fits: [fit] }: FamilyFit) => (fit ? amiss(fit) : Number.POSITIVE_INFINITY)
  return {
    ...{ form, tensors: tensors.size, classes: shown ?? null, classCount: classes?.length ?? null },
    families: families.sort((a, b) => best(a) - best(b)),
  }
}

/** Undefined where none of the names is one of such a network's. */
function renamedFor(weights: GivenWeights, family: ArchitectureFamilyName): RenamedWeights | undefined {
  try {
    return renameWeights(weights, ARCHITECTURE_FAMILIES[family].members[0] ?? family)
  } catch (error) {
    if (error instanceof UnknownNamesError) return undefined
    throw error
  }
}

async function store(renamed: RenamedWeights, folder: string) {
  const content = encodeRenamed(renamed)
  const sha256 = createHash('sha256').update(content).digest('hex')
  await writeFile(join(folder, `${sha256}.safetensors`), content)
  const { naming, normalization, notes } = renamed
  return { sha256, byteLength: content.length, naming, normalization, notes }
}

function fitsNowhere(
  { tensors }: GivenWeights,
  nearest: { count: number; words: string },
): GivenWeightsError {
  const names = `its names: ${listed([...tensors.keys()])}`
  if (nearest.count === 0)
    return new GivenWeightsError(
      `none of its ${tensors.size} tensors is named as Studyhall, torchvision, timm or Keras name those of a network that is here; ${names}`,
    )
  return new GivenWeightsError(
    `${nearest.count} of its ${tensors.size} tensors are named as ${nearest.words}, but of no network that is here it has half of the weights in their shapes; ${names}`,
  )
}
