import { type Actor, requireRole } from '../../access/actor.ts'
import type { Services } from '../../services.ts'
import { findTrained, referenceTo, type TrainedRow } from './find-trained.ts'

/** Takes a name from a model or an ensemble. A name that it does not have changes nothing. */
export async function removeModelAlias(
  { database }: Services,
  actor: Actor | null,
  input: { id: string; name: string },
): Promise<TrainedRow> {
  const trained = await findTrained(database, input.id)
  await requireRole(database, actor, {
    teamId: trained?.teamId,
    atLeast: 'MEMBER',
    noun: 'model or ensemble',
    path: ['id'],
  })
  await database.modelAlias.deleteMany({ where: { ...referenceTo(input.id), name: input.name } })
  return trained!
}
