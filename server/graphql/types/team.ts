import type { Database, Run, RunStatus } from '../../../prisma/client.ts'
import { mayActAs, roleIn, roleOf } from '../../access/actor.ts'
import { type PageArguments, readPage } from '../connection.ts'
import type { TeamResolvers } from '../generated/resolvers.ts'
import { readRegistry } from './registry.ts'

export const Team: TeamResolvers = {
  async viewerRole({ id }, _, { actor, loaders }) {
    const member = await loaders.membership.load(id)
    if (!actor || !member) throw new Error('a team was shown to somebody who is no member')
    return roleOf(actor, member)
  },
  members: ({ id }, _, { loaders }) => loaders.membersOfTeam.load(id),
  datasets: ({ id }, page, { services }) => readDatasets(services.database, id, page),
  cohorts: ({ id }, page, { services }) => readCohorts(services.database, id, page),
  runs: ({ id }, page, { services }) => readRuns(services.database, id, page),
  run: ({ id: teamId }, { number }, { services }) =>
    services.database.run.findUnique({ where: { teamId_number: { teamId, number } } }),
  models: ({ id }, page, { services }) => readModels(services.database, id, page),
  registry: ({ id }, page, { services }) => readRegistry(services.database, id, page),
  async apiKeys({ id: teamId }, _, { actor, services: { database } }) {
    const role = await roleIn(database, actor, teamId)
    if (!role || !mayActAs(role, 'ADMIN')) return []
    return database.apiKey.findMany({ where: { teamId, revokedAt: null }, orderBy: { id: 'desc' } })
  },
}

/** Ids begin with the time at which they were made, so that the newest is the greatest. */
const NEWEST_FIRST = { id: 'desc' } as const
const keyOf = ({ id }: { id: string }) => id
const parseKey = (text: string) => text

function readDatasets(db: Database, teamId: string, page: PageArguments) {
  return readPage(page, {
    keyOf,
    parseKey,
    read: (before, take) =>
      db.dataset.findMany({ where: { teamId, id: { lt: before } }, orderBy: NEWEST_FIRST, take }),
    count: () => db.dataset.count({ where: { teamId } }),
  })
}

function readCohorts(db: Database, teamId: string, page: PageArguments) {
  return readPage(page, {
    keyOf,
    parseKey,
    read: (before, take) =>
      db.cohort.findMany({ where: { teamId, id: { lt: before } }, orderBy: NEWEST_FIRST, take }),
    count: () => db.cohort.count({ where: { teamId } }),
  })
}

function readModels(db: Database, teamId: string, page: PageArguments) {
  return readPage(page, {
    keyOf,
    parseKey,
    read: (before, take) =>
      db.model.findMany({ where: { teamId, id: { lt: before } }, orderBy: NEWEST_FIRST, take }),
    count: () => db.model.count({ where: { teamId } }),
  })
}

type RunsPage = PageArguments & { statuses?: readonly RunStatus[] | null }

function readRuns(db: Database, teamId: string, { statuses, ...page }: RunsPage) {
  const where = { teamId, status: statuses ? { in: [...statuses] } : undefined }
  return readPage(page, {
    keyOf: ({ number }: Run) => number,
    parseKey: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    read: (before, take) =>
      db.run.findMany({ where: { ...where, number: { lt: before } }, orderBy: { number: 'desc' }, take }),
    count: () => db.run.count({ where }),
  })
}
