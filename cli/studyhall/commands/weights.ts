import { setTimeout as wait } from 'node:timers/promises'
import {
  CreateGivenWeightsDocument,
  DeleteGivenWeightsDocument,
  GivenWeightsByIdDocument,
  GivenWeightsDocument,
  type GivenWeightsQuery,
  type WeightsPartsFragment,
} from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { sendUpload } from '../files/send-upload.ts'
import { CommandError, usageError } from '../outcome.ts'
import { textTable } from '../show/text-table.ts'
import { JSON_OPTION, type Register } from './context.ts'
import { withProgress } from './dataset.ts'

const LOOK_EVERY_MS = 500

interface AddCommand {
  name: string
  licence?: string
  source?: string
  wait?: boolean
  json?: boolean
}

export const registerWeights: Register = (program, { open, surroundings, result }) => {
  const weights = program
    .command('weights')
    .description('files of weights that students begin with: list, add, delete')

  weights
    .command('list')
    .description('the team’s, newest first, and which network each fits best')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const all = await listWeights(await open())
      result(json, all, textTable(['id', 'name', 'status', 'fits', 'licence'], all.map(rowOf)))
    })

  weights
    .command('add')
    .description(
      'uploads a file of PyTorch, Keras, TF.js or safetensors; a worker tells which networks it fits',
    )
    .argument('<file>', 'weights')
    .requiredOption('--name <name>', 'of the weights')
    .option('--licence <text>', 'on which terms they may be used, for the cards of models')
    .option('--source <text>', 'where they come from, for example an address')
    .option('--wait', 'until a worker has looked at them')
    .option(...JSON_OPTION)
    .action(async (file: string, { name, licence, source, ...options }: AddCommand) => {
      const client = await open()
      const upload = await withProgress(surroundings, (sending) =>
        sendUpload(client, file, { ...sending, purpose: 'WEIGHTS' }),
      )
      const said = { name, licence: licence ?? null, origin: source ?? null }
      const input = { teamId: client.team.id, uploadId: upload.id, ...said }
      const { createGivenWeights } = await client.api.ask(CreateGivenWeightsDocument, { input })
      const made = createGivenWeights.givenWeights
      if (!made) throw new Error('the API answered neither with weights nor with an error')
      const read = options.wait ? await waitUntilRead(client, made.id, surroundings.signal) : made
      result(options.json, read, `${rowOf(read).join('  ')}\n`)
    })

  weights
    .command('delete')
    .description('deletes a file of weights; cohorts that begin with it keep what they need')
    .argument('<weights>', 'name or id')
    .option(...JSON_OPTION)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const client = await open()
      const found = (await listWeights(client)).find(({ id, name }) => id === text || name === text)
      if (!found) throw usageError(`There are no weights “${text}” in the team “${client.team.name}”.`)
      await client.api.ask(DeleteGivenWeightsDocument, { input: { givenWeightsId: found.id } })
      result(json, { deletedId: found.id }, `deleted ${found.name}\n`)
    })
}

async function listWeights({ api, team }: TeamClient): Promise<WeightsPartsFragment[]> {
  const all: WeightsPartsFragment[] = []
  let after: string | null = null
  do {
    const { node }: GivenWeightsQuery = await api.ask(GivenWeightsDocument, { teamId: team.id, after })
    if (node?.__typename !== 'Team') return all
    all.push(...node.givenWeights.nodes)
    after = node.givenWeights.pageInfo.hasNextPage ? node.givenWeights.pageInfo.endCursor : null
  } while (after !== null)
  return all
}

/** @throws CommandError with why a worker refused it */
async function waitUntilRead(
  { api }: TeamClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<WeightsPartsFragment> {
  for (;;) {
    const { node } = await api.ask(GivenWeightsByIdDocument, { id })
    if (node?.__typename !== 'GivenWeights')
      throw new CommandError('failed', 'The weights were deleted meanwhile.')
    if (node.status === 'REFUSED')
      throw new CommandError('failed', `No student can begin with them. ${node.refusal}`)
    if (node.status === 'READY') return node
    await wait(LOOK_EVERY_MS, undefined, { signal })
  }
}

function rowOf({ id, name, status, licence, fits }: WeightsPartsFragment): string[] {
  const [best] = fits
  const fit = best ? `${best.architecture} (${best.matched} of ${best.total} tensors)` : '-'
  return [id, name, status.toLowerCase(), fit, licence ?? '-']
}
