import { z } from 'zod'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { Team } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction, noteDetail } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'

const Input = z.object({ teamId: z.string(), name: nameUpTo(NAME_LENGTHS.team) })

/** Gives a team another name; its address stays. */
export async function renameTeam(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Team> {
  const { id, name: before } = await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const { name } = parseInput(Input, input)
  noteDetail({ name: { from: before, to: name } })
  return inTransaction(database, (tx) => tx.team.update({ where: { id }, data: { name } }))
}
