import type { Artifact, ArtifactFormat } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { LINK_LIFETIME_MS } from '../../access/download-links.ts'
import { holderOf } from '../../access/link-holder.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'

export interface Download {
  url: string
  expiresAt: Date
  artifact: Artifact
}

/** Signs a link to the file of a model or an ensemble. */
export async function createDownload(
  { database, links }: Services,
  actor: Actor | null,
  input: { id: string; format?: ArtifactFormat | null },
): Promise<Download> {
  const { artifacts } = await permit({ database, actor }, 'TrainedModel', input.id, 'VIEWER')
  const format = input.format ?? 'TFJS'
  const artifact = artifacts.find((candidate) => candidate.format === format)
  if (!artifact)
    throw new AppError(
      'NOT_READY',
      `There is no file in the form ${format} yet. Have it made with createExport.`,
      ['format'],
    )
  const expiresAt = new Date(Math.floor((Date.now() + LINK_LIFETIME_MS) / 1000) * 1000)
  return { url: links.sign(artifact, holderOf(requireActor(actor)), expiresAt), expiresAt, artifact }
}
