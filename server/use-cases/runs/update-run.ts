import { z } from 'zod'
import { NAME_LENGTHS, NOTES_LENGTH } from '../../../contract/limits.ts'
import { isStorable } from '../../../contract/text.ts'
import type { Run } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction, noteDetail } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { Tags } from '../run-lists/change-runs.ts'

const emptyAsNull = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? null : value)

const Input = z.object({
  name: z.preprocess(emptyAsNull, nameUpTo(NAME_LENGTHS.run).nullish()),
  tags: Tags.nullish(),
  notes: z.preprocess(
    emptyAsNull,
    z
      .string()
      .max(NOTES_LENGTH, `at most ${NOTES_LENGTH} characters`)
      .refine(isStorable, 'it has a character that cannot be stored')
      .nullish(),
  ),
})

/** Names, tags or annotates a run; omitted fields stay as they are. */
export async function updateRun(
  { database }: Services,
  actor: Actor | null,
  input: {
    runId: string
    name?: string | null
    tags?: readonly string[] | null
    notes?: string | null
  },
): Promise<Run> {
  const { id } = await permit({ database, actor }, 'Run', input.runId, 'MEMBER')
  const { name, tags, notes } = parseInput(Input, input)
  const data = { name, notes, tags: tags ?? undefined }
  noteDetail({
    changed: Object.entries(data).flatMap(([field, value]) => (value === undefined ? [] : [field])),
  })
  return inTransaction(database, (tx) => tx.run.update({ where: { id }, data }))
}
