import { z } from 'zod'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { GivenWeightsText } from '../../../contract/weights/given-weights.ts'
import type { GivenWeights } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'
import { nameTaken } from './create-given-weights.ts'

const Input = z.object({
  name: nameUpTo(NAME_LENGTHS.givenWeights).nullish(),
  licence: GivenWeightsText.licence.nullish(),
  origin: GivenWeightsText.origin.nullish(),
})

/** Changes what is said of a file of weights; what cohorts have recorded of it stays. Null takes a text away. */
export async function updateGivenWeights(
  { database }: Services,
  actor: Actor | null,
  { givenWeightsId, ...input }: z.input<typeof Input> & { givenWeightsId: string },
): Promise<GivenWeights> {
  const { id } = await permit({ database, actor }, 'GivenWeights', givenWeightsId, 'MEMBER')
  const { name, licence, origin } = parseInput(Input, input)
  const data = {
    ...(name != null && { name }),
    ...(licence !== undefined && { licence }),
    ...(origin !== undefined && { origin }),
  }
  try {
    return await inTransaction(database, (tx) => tx.givenWeights.update({ where: { id }, data }))
  } catch (error) {
    throw name != null && isUniqueViolation(error) ? nameTaken(name) : error
  }
}
