/** Codes of a connection that cannot be made or broke: Prisma's, Node's and PostgreSQL's own (class 57P). */
const CODES = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
])

const MESSAGE =
  /Can't reach database server|Connection terminated|ECONNREFUSED|database system is (starting|shutting)/i

/** True for an error, or the cause of one, that says the database is out of reach for now. */
export function isDatabaseAway(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    const code = 'code' in one ? String(one.code) : ''
    if (CODES.has(code) || MESSAGE.test(one.message)) return true
  }
  return false
}
