import { type FieldPolicy, InMemoryCache } from '@apollo/client'
import interfaces from './generated/possible-types.ts'
import { ownPath } from './own-path.ts'
import { pagedList } from './paged-list.ts'

const RUN_FILTERS = ['statuses', 'cohortId', 'numbers', 'where', 'text', 'archived', 'orderBy']

/** The lists that pages extend by “Show more”, with the arguments that tell one list from another. */
export const PAGED_FIELDS: Record<string, Record<string, string[]>> = {
  Team: {
    datasets: ['first', 'search', 'kind', 'orderBy'],
    cohorts: ['first', 'search', 'method', 'orderBy'],
    models: ['first', 'architecture', 'orderBy'],
    experiments: ['first', 'search', 'orderBy'],
    givenWeights: ['first', 'search', 'orderBy'],
    registry: ['first', 'filter', 'orderBy'],
    auditEvents: ['first', 'filter', 'orderBy'],
    runs: ['first', ...RUN_FILTERS],
  },
  Instance: {
    people: ['first', 'search', 'orderBy'],
    teams: ['first', 'search', 'orderBy'],
    auditEvents: ['first', 'filter', 'orderBy'],
  },
  Run: {
    retrievalQueries: ['student', 'orderBy'],
    testPictures: ['which', 'class', 'takenFor', 'student'],
  },
}

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: interfaces.possibleTypes,
    typePolicies: {
      Viewer: { keyFields: [] },
      Team: { fields: pagesOf('Team') },
      Instance: { keyFields: [], fields: pagesOf('Instance') },
      Run: { fields: { ...pagesOf('Run'), receiptUrl: ownPath } },
      DatasetOverview: { fields: { sheetsUrl: ownPath, meanUrl: ownPath } },
      IdentifiedPicture: { fields: { url: ownPath } },
      PicturePlace: { fields: { url: ownPath } },
      LabelSuspect: { fields: { url: ownPath } },
      TestPicture: { fields: { url: ownPath } },
      SharedRun: { fields: { receiptUrl: ownPath } },
      SharedFile: { fields: { url: ownPath } },
      // Whose id is somebody's or something's, and stands in many: each is what it is where it was told.
      DeviceHours: { keyFields: false },
      AuditActor: { keyFields: false },
      AuditSubject: { keyFields: false },
      TradeOffPoint: { keyFields: false },
      // Objects without an id: merge the fields of different queries.
      RunProgress: { merge: true },
      ImportReport: { merge: true },
    },
  })
}

function pagesOf(type: string): Record<string, FieldPolicy> {
  const fields = Object.entries(PAGED_FIELDS[type] ?? {})
  return Object.fromEntries(fields.map(([field, keyArgs]) => [field, pagedList(keyArgs)]))
}
