/** An id's prefix gives its type: `run_…` is a run. `node(id)` relies on it. */
export const ID_PREFIXES = {
  Mail: 'mail',
  Team: 'team',
  Member: 'mem',
  Invitation: 'inv',
  ShareLink: 'shr',
  ApiKey: 'key',
  ServiceAccount: 'svc',
  Upload: 'upl',
  GivenWeights: 'wts',
  Dataset: 'ds',
  DatasetVersion: 'dsv',
  Cohort: 'coh',
  Student: 'stu',
  Run: 'run',
  Experiment: 'xpt',
  RunView: 'view',
  Model: 'mod',
  Ensemble: 'ens',
  Artifact: 'art',
  Export: 'exp',
  AuditEvent: 'aud',
  TeamEvent: 'evt',
  Notice: 'ntc',
  Webhook: 'whk',
  WebhookDelivery: 'dlv',
} as const

export type IdType = keyof typeof ID_PREFIXES

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new id, sortable by creation time: prefix, 9 characters of milliseconds, 16 random characters (80 bits).
 */
export function newId(type: IdType): string {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => ALPHABET[byte % 32]).join(
    '',
  )
  return `${ID_PREFIXES[type]}_${stampOf(Date.now())}${random}`
}

/** What is below every id that is made at this time or later, and above every earlier one. */
export function idsFrom(type: IdType, time: Date): string {
  return `${ID_PREFIXES[type]}_${stampOf(Math.max(0, time.getTime()))}`
}

function stampOf(milliseconds: number): string {
  let time = milliseconds
  let stamp = ''
  for (let i = 0; i < 9; i++) {
    stamp = ALPHABET[time % 32] + stamp
    time = Math.floor(time / 32)
  }
  return stamp
}

const TYPE_BY_PREFIX = new Map<string, IdType>(
  Object.entries(ID_PREFIXES).map(([type, prefix]) => [prefix, type as IdType]),
)

/** The type of an id, or undefined if it is malformed. */
export function typeOfId(id: string): IdType | undefined {
  const [, prefix] = /^([a-z]{2,4})_[0-9a-z]{25}$/.exec(id) ?? []
  return prefix === undefined ? undefined : TYPE_BY_PREFIX.get(prefix)
}
