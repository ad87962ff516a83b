import { typeOfId } from '../../../contract/ids.ts'
import type { Artifact, Database, Ensemble, Model } from '../../../prisma/client.ts'

export type TrainedRow = (Model | Ensemble) & { artifacts: Artifact[] }

/** A model or an ensemble with its files, by its id; null for any other id. */
export async function findTrained(database: Database, id: string): Promise<TrainedRow | null> {
  const query = { where: { id }, include: { artifacts: true } }
  if (typeOfId(id) === 'Model') return database.model.findUnique(query)
  if (typeOfId(id) === 'Ensemble') return database.ensemble.findUnique(query)
  return null
}

/** The column by which another row refers to it. */
export function referenceTo(id: string): { modelId: string } | { ensembleId: string } {
  return typeOfId(id) === 'Model' ? { modelId: id } : { ensembleId: id }
}
