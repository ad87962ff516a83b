import type { Actor } from '../../access/actor.ts'
import { permit, type TrainedModelRow } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { referenceTo } from './reference-to.ts'

/** Removes an alias from a model or an ensemble; does nothing if it does not have the alias. */
export async function removeModelAlias(
  { database }: Services,
  actor: Actor | null,
  input: { id: string; name: string },
): Promise<TrainedModelRow> {
  const trained = await permit({ database, actor }, 'TrainedModel', input.id, 'MEMBER')
  const where = { ...referenceTo(input.id), name: input.name }
  await inTransaction(database, (tx) => tx.modelAlias.deleteMany({ where }))
  return trained
}
