import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sendUpload } from '../../cli/studyhall/files/send-upload.ts'
import { encodeSafetensors } from '../../workers/engine/safetensors.ts'
import { openSeededTeam } from './seeded.ts'

const NAME = 'A small ConvNet'

/** A file of weights of the seeded team, the same one however often it is asked for. @returns its id */
export async function takeUpWeights(): Promise<string> {
  const client = await openSeededTeam()
  const { api, team } = client
  type Found = { node: { givenWeights: { nodes: { id: string }[] } } }
  const found = await api.ask<Found>(
    'query ($id: ID!) { node(id: $id) { ... on Team { givenWeights { nodes { id } } } } }',
    { id: team.id },
  )
  const [there] = found.node.givenWeights.nodes
  if (there) return there.id
  const file = path.join(tmpdir(), `weights-${process.pid}.safetensors`)
  await writeFile(file, convnet())
  const { id: uploadId } = await sendUpload(client, file, { purpose: 'WEIGHTS', onProgress() {} })
  const said = { name: NAME, licence: 'CC0-1.0', origin: 'https://example.org/convnet' }
  const { createGivenWeights } = await api.ask<{ createGivenWeights: { givenWeights: { id: string } } }>(
    'mutation ($input: CreateGivenWeightsInput!) { createGivenWeights(input: $input) { givenWeights { id } errors { code message path } } }',
    { input: { teamId: team.id, uploadId, ...said } },
  )
  return createGivenWeights.givenWeights.id
}

/** All but one tensor of a convnet-0.25, and one that it has no place for. */
function convnet(): Buffer {
  const shapes: [string, number[]][] = [
    ['stem/kernel', [3, 3, 3, 8]],
    ...parts('stem_bn', 8),
    ['conv64/kernel', [3, 3, 8, 16]],
    ...parts('conv64_bn', 16),
    ['conv128/kernel', [3, 3, 16, 32]],
    ...parts('conv128_bn', 32).slice(1),
    ['block1_expand/kernel', [1, 1, 2, 2]],
  ]
  const tensors = shapes.map(([name, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1)
    return { name, shape, values: new Float32Array(size).fill(0.5) }
  })
  return encodeSafetensors({ tensors, metadata: {} })
}

function parts(layer: string, channels: number): [string, number[]][] {
  return ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) => [`${layer}/${part}`, [channels]])
}
