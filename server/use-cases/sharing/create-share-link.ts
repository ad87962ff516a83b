import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { newId, typeOfId } from '../../../contract/ids.ts'
import { SHARE_DAYS } from '../../../contract/limits.ts'
import type { ShareLink, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { makeLinkToken, shareLinkUrl } from '../../access/link-tokens.ts'
import { isGuessable, PASSWORD_LENGTHS } from '../../access/password-strength.ts'
import { type Asker, permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { isNotOver } from './find-shared.ts'

const MOST_OPEN = 200
const DAY_MS = 24 * 60 * 60 * 1000
const PATH = ['subjectId']

const Input = z.object({
  subjectId: z.string(),
  expiresInDays: z
    .int()
    .min(1, 'at least a day')
    .max(SHARE_DAYS.max, `at most ${SHARE_DAYS.max} days`)
    .nullish(),
  password: z
    .string()
    .min(PASSWORD_LENGTHS.min, `at least ${PASSWORD_LENGTHS.min} characters`)
    .max(PASSWORD_LENGTHS.max, `at most ${PASSWORD_LENGTHS.max} characters`)
    .nullish(),
  withFiles: z.boolean().nullish(),
})

/** Shows one thing to whoever has the link. The link is in the answer and nowhere else. */
export async function createShareLink(
  { database, config }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<{ shareLink: ShareLink; url: string }> {
  const { teamId, ...subject } = await permitSubject({ database, actor }, input.subjectId)
  const { userId } = requirePerson(actor)
  const { expiresInDays, password, withFiles } = parseInput(Input, input)
  if (withFiles && !('modelId' in subject || 'ensembleId' in subject))
    throw new AppError('INVALID_INPUT', 'Only a model or an ensemble is shared with its files.', [
      'withFiles',
    ])
  if (password) await refuseGuessable(password)
  const { token, hash } = makeLinkToken()
  const data = {
    id: newId('ShareLink'),
    teamId,
    createdById: userId,
    ...subject,
    hash,
    passwordHash: password ? await hashPassword(password) : null,
    withFiles: withFiles ?? false,
    expiresAt: expiresInDays ? new Date(Date.now() + expiresInDays * DAY_MS) : null,
  }
  const shareLink = await withLockedRow(database, 'Team', teamId, async (tx) => {
    await requireRoom(tx, teamId)
    return tx.shareLink.create({ data })
  })
  return { shareLink, url: shareLinkUrl(config.publicOrigin, token) }
}

async function permitSubject(asker: Asker, id: string) {
  const type = typeOfId(id)
  if (type === 'Run') {
    const { teamId, archivedAt } = await permit(asker, 'Run', id, 'MEMBER', 'subjectId')
    if (archivedAt) throw new AppError('CONFLICT', 'This run is archived: bring it back to share it.', PATH)
    return { teamId, runId: id }
  }
  if (type === 'Experiment')
    return { ...teamOf(await permit(asker, 'Experiment', id, 'MEMBER', 'subjectId')), experimentId: id }
  if (type === 'Model')
    return { ...teamOf(await permit(asker, 'Model', id, 'MEMBER', 'subjectId')), modelId: id }
  if (type === 'Ensemble')
    return { ...teamOf(await permit(asker, 'Ensemble', id, 'MEMBER', 'subjectId')), ensembleId: id }
  requirePerson(asker.actor)
  throw notFound('run, experiment or model', PATH)
}

function teamOf({ teamId }: { teamId: string }): { teamId: string } {
  return { teamId }
}

async function refuseGuessable(password: string): Promise<void> {
  if (!(await isGuessable(password, []))) return
  const message =
    'password: this one is found by guessing. Take three or four words that have nothing to do with each other.'
  throw new AppError('INVALID_INPUT', message, ['password'])
}

async function requireRoom(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.shareLink.count({ where: { teamId, ...isNotOver() } })) < MOST_OPEN) return
  throw new AppError('LIMIT_EXCEEDED', `A team has at most ${MOST_OPEN} shared links; revoke some.`)
}
