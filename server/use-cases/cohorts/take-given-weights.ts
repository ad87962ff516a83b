import { familyOf } from '../../../contract/architectures.ts'
import { Normalization } from '../../../contract/normalization.ts'
import type { StartingWeights } from '../../../contract/starting-weights.ts'
import { type FamilyFit, GivenWeightsInspection } from '../../../contract/weights/given-weights.ts'
import type { GivenWeights } from '../../../prisma/client.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'

const TOLD_FITS = 6

interface Wanted {
  architecture: string
  startWeightsId?: string | null
}

/** What a student begins with that names a file of the team's. @throws AppError if it does not fit, or is not ready */
export async function takeGivenWeights(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  teamId: string,
  { architecture, startWeightsId }: Wanted,
  path: string[],
): Promise<Omit<StartingWeights, 'frozenEpochs'>> {
  const row = await database.givenWeights.findUnique({
    where: { teamId_id: { teamId, id: startWeightsId ?? '' } },
    include: { upload: true },
  })
  if (!row) throw notFound('file of weights', path)
  const { form, families } = requireRead(row, path)
  const family = requireFit(row, families, architecture, path)
  if (!(await storage.has(family.sha256)))
    throw new AppError(
      'NOT_READY',
      `What ${row.name} holds is not in the storage. Upload the file again.`,
      path,
    )
  const { name, licence, origin, normalization } = row
  const { sha256, byteLength, naming } = family
  return {
    ...{ sha256, byteLength },
    source: {
      ...{ name, sha256: row.upload.sha256 ?? '', form, weightsId: row.id, naming, licence },
      ...(origin !== null && { origin }),
    },
    normalization: normalization === null ? family.normalization : Normalization.parse(normalization),
  }
}

function requireRead({ name, status, refusal, inspection }: GivenWeights, path: string[]) {
  if (status === 'REFUSED')
    throw new AppError('INVALID_INPUT', `No student can begin with ${name}. ${refusal}`, path)
  if (status === 'PENDING')
    throw new AppError('NOT_READY', `No worker has looked at ${name} yet. Try again in a moment.`, path)
  return GivenWeightsInspection.parse(inspection)
}

function requireFit(
  { name }: GivenWeights,
  families: readonly FamilyFit[],
  architecture: string,
  path: string[],
): FamilyFit {
  const own = families.find(({ family }) => family === familyOf(architecture))
  if (own?.fits.some((fit) => fit.architecture === architecture)) return own
  const fits = [...new Set(families.flatMap((family) => family.fits.map((fit) => fit.architecture)))]
  throw new AppError(
    'INVALID_INPUT',
    `${name} does not fit a ${architecture}. It fits ${fits.slice(0, TOLD_FITS).join(', ')}: give the student one of these.`,
    path,
  )
}
