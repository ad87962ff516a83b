import { z } from 'zod'
import { ALIAS_LENGTH } from '../../../contract/limits.ts'
import type { Transaction } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit, type TrainedModelRow } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { referenceTo } from './reference-to.ts'

const MAX_ALIASES_A_DATASET = 50

const ALIAS_FORM = `an alias has 1 to ${ALIAS_LENGTH} of a-z, 0-9 and dashes`

const Input = z.object({
  name: z
    .string()
    .max(ALIAS_LENGTH, ALIAS_FORM)
    .regex(/^[a-z0-9][a-z0-9-]*$/, ALIAS_FORM),
})

/** Sets an alias of a model or an ensemble, atomically moving it from another one of the same dataset. */
export async function setModelAlias(
  { database }: Services,
  actor: Actor | null,
  input: { id: string; name: string },
): Promise<TrainedModelRow> {
  const trained = await permit({ database, actor }, 'TrainedModel', input.id, 'MEMBER')
  const { name } = parseInput(Input, input)
  const { teamId, runId } = trained
  const { datasetVersion } = await database.run.findUniqueOrThrow({
    where: { id: runId },
    select: { datasetVersion: { select: { datasetId: true } } },
  })
  const { datasetId } = datasetVersion
  const holder = {
    modelId: null,
    ensembleId: null,
    ...referenceTo(input.id),
    setById: requireActor(actor).userId,
  }
  const place = { teamId, datasetId, name }
  await withLockedRow(database, 'Team', teamId, async (tx) => {
    await requireRoomForAlias(tx, place)
    await tx.modelAlias.upsert({
      where: { teamId_datasetId_name: place },
      create: { ...place, ...holder },
      update: { ...holder, setAt: new Date() },
    })
  })
  return trained
}

async function requireRoomForAlias(
  tx: Transaction,
  { teamId, datasetId, name }: { teamId: string; datasetId: string; name: string },
): Promise<void> {
  const others = await tx.modelAlias.count({ where: { teamId, datasetId, name: { not: name } } })
  if (others < MAX_ALIASES_A_DATASET) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The models of a dataset have at most ${MAX_ALIASES_A_DATASET} aliases. Remove one that is not used.`,
  )
}
