import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { readRunView, VIEW_SEARCH_LENGTH, writeRunView } from '../../../contract/runs/run-view.ts'
import type { Database, RunView } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'

const MAX_VIEWS = 100

const Input = z.object({
  name: nameUpTo(NAME_LENGTHS.runView),
  search: z.string().max(VIEW_SEARCH_LENGTH, `at most ${VIEW_SEARCH_LENGTH} characters`),
})

/** A team's saved views, by name. */
export function readRunViews({ runView }: Database, teamId: string): Promise<RunView[]> {
  return runView.findMany({ where: { teamId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] })
}

/** Saves a view under a name; one of that name is replaced. */
export async function saveRunView(
  { database }: Services,
  actor: Actor | null,
  input: { teamId: string; name: string; search: string },
): Promise<RunView> {
  const { id: teamId } = await permit({ database, actor }, 'Team', input.teamId, 'MEMBER')
  const { name, search: given } = parseInput(Input, input)
  const search = checkSearch(given)
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const others = await tx.runView.count({ where: { teamId, NOT: { name } } })
    if (others >= MAX_VIEWS)
      throw new AppError('LIMIT_EXCEEDED', `The team has ${others} saved views; delete one first.`)
    const data = { id: newId('RunView'), teamId, name, search }
    return tx.runView.upsert({ where: { teamId_name: { teamId, name } }, create: data, update: { search } })
  })
}

/** Removes a saved view; links to it then show the usual list. */
export async function deleteRunView(
  { database }: Services,
  actor: Actor | null,
  input: { runViewId: string },
): Promise<string> {
  const { id } = await permit({ database, actor }, 'RunView', input.runViewId, 'MEMBER')
  await inTransaction(database, (tx) => tx.runView.deleteMany({ where: { id } }))
  return id
}

/** Makes a view the one that the team's list begins with, or, where `isDefault` is false, no longer. */
export async function setDefaultRunView(
  { database }: Services,
  actor: Actor | null,
  { runViewId, isDefault }: { runViewId: string; isDefault: boolean },
): Promise<RunView> {
  const { id, teamId } = await permit({ database, actor }, 'RunView', runViewId, 'MEMBER')
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    if (isDefault) await tx.runView.updateMany({ where: { teamId }, data: { isDefault: false } })
    return tx.runView.update({ where: { id }, data: { isDefault } })
  })
}

/** What a list's URL holds after its `?`, without what no list reads. @throws AppError INVALID_INPUT */
function checkSearch(search: string): string {
  const given = new URLSearchParams(search)
  const written = writeRunView(readRunView(given))
  const lost = [...given].find(
    ([key, value]) => !written.has(key, value) && !(isUsual(key, value) || value === ''),
  )
  if (!lost) return written.toString()
  throw new AppError(
    'INVALID_INPUT',
    `search: a list of runs cannot be shown by “${lost[0]}=${lost[1].slice(0, 100)}”. Copy it from the list’s URL.`,
    ['search'],
  )
}

/** Whether a parameter says only what holds without it. */
function isUsual(key: string, value: string): boolean {
  const read = readRunView(new URLSearchParams([[key, value]]))
  return ['sort', 'columns', 'archived'].includes(key) && writeRunView(read).size === 0 && value !== 'yes'
}
