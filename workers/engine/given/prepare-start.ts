import { createHash } from 'node:crypto'
import path from 'node:path'
import type { StartingWeights } from '../../../contract/starting-weights.ts'
import { encodeSafetensors } from '../safetensors.ts'
import { GivenWeightsError } from './given-weights.ts'
import { listed } from './listed.ts'
import { readGivenFile } from './read-given-file.ts'
import { type RenamedWeights, renameWeights } from './rename-weights.ts'

export interface PreparedStart {
  start: StartingWeights
  /** Safetensors under our names, which `start` tells the hash of. */
  content: Buffer
  /** What is to be known of them, a line each. */
  lines: string[]
}

interface Wishes {
  licence: string | null
  frozenEpochs: number
}

/**
 * Makes of a stranger's file what a student of that architecture begins with.
 * @throws GivenWeightsError with a whole sentence
 */
export async function prepareStart(
  location: string,
  architecture: string,
  { licence, frozenEpochs }: Wishes,
): Promise<PreparedStart> {
  const fileName = path.basename(location)
  try {
    const { weights, bytes } = await readGivenFile(location)
    const renamed = renameWeights(weights, architecture)
    const { tensors, normalization, unknown, notes, naming } = renamed
    const content = encodeRenamed(renamed)
    const source = { name: fileName.slice(0, 200), sha256: hash(bytes), form: weights.form, naming, licence }
    return {
      start: { sha256: hash(content), source, normalization, frozenEpochs },
      content,
      lines: [
        `${fileName}: ${tensors.length} of its ${weights.tensors.size} tensors are named as ${naming} ${naming.includes(' and ') ? 'name' : 'names'} a ${architecture}’s.`,
        ...(unknown.length > 0 ? [`${fileName}: not taken: ${listed(unknown)}.`] : []),
        ...notes.map((note) => `${fileName}: ${note}.`),
      ],
    }
  } catch (error) {
    if (!(error instanceof GivenWeightsError)) throw error
    throw new GivenWeightsError(`${fileName} cannot be started from: ${error.message}.`)
  }
}

/** What a student begins with: the same for every architecture of a family. */
export function encodeRenamed({ tensors, classes }: RenamedWeights): Buffer {
  return encodeSafetensors({ tensors, metadata: classes ? { classes: JSON.stringify(classes) } : {} })
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
