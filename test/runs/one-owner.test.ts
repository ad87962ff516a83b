import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** All processes except `runs/` itself; pages reach no database, and tests may set a scene. */
const FOLDERS = ['cli', 'contract', 'logging', 'prisma', 'scripts', 'server', 'storage', 'workers']

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/(^|\/)(generated|\.next)\//.test(file))
    .map((file) => path.join(folder, file)),
).map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }))

/** The calls of a method, with their arguments. */
function callsOf(text: string, method: RegExp): string[] {
  return [...text.matchAll(new RegExp(`${method.source}\\(`, 'g'))].map(({ index }) => {
    const open = text.indexOf('(', index)
    let depth = 0
    for (let end = open; end < text.length; end++) {
      if (text[end] === '(') depth++
      if (text[end] === ')' && --depth === 0) return text.slice(index, end + 1)
    }
    return text.slice(index)
  })
}

const data = (call: string) => call.slice(call.indexOf('data:'))

const WRITES: [what: string, find: (text: string) => string[]][] = [
  ['makes a run', (text) => callsOf(text, /\brun\.(?:create|createMany|createManyAndReturn|upsert)/)],
  [
    'sets a run’s status',
    (text) =>
      callsOf(text, /\brun\.(?:update|updateMany|updateManyAndReturn)/).filter((call) =>
        /\bstatus\b|\.\.\./.test(data(call)),
      ),
  ],
  ['writes to runs in SQL', (text) => text.match(/\b(?:UPDATE|INSERT INTO)\s+"Run"/gi) ?? []],
  ['builds an event of a run’s state', (text) => text.match(/\bkind: 'STATUS'/g) ?? []],
]

describe('nothing outside runs/', () => {
  it.each(WRITES)('%s', (_, find) => {
    const found = sources.flatMap(({ file, text }) => find(text).map((match) => `${file}: ${match}`))
    expect(found).toEqual([])
  })

  it('is passed over by this test', () => {
    expect(sources.length).toBeGreaterThan(300)
  })
})

describe('this test finds', () => {
  it.each([
    ['makes a run', `await tx.run.create({ data: { id } })`],
    ['sets a run’s status', `await tx.run.update({ where: { id }, data: { status: 'PAUSED' } })`],
    ['sets a run’s status', `await database.run.updateMany({ where: { id }, data: { ...paused } })`],
    ['writes to runs in SQL', 'await tx.$executeRaw`\n  UPDATE "Run" AS run SET status = \'PAUSED\'`'],
    ['builds an event of a run’s state', `recordRunEvent(tx, id, null, { kind: 'STATUS', status })`],
  ])('what %s: %s', (what, text) => {
    expect(WRITES.find(([name]) => name === what)?.[1](text)).toHaveLength(1)
  })

  it.each([
    `await tx.run.update({ where: { id, status: 'QUEUED' }, data: { priority } })`,
    `await tx.export.update({ where: { id }, data: { status: 'READY' } })`,
    'SELECT * FROM "Run"',
    'UPDATE "RunAttempt" SET outcome = $1',
  ])('nothing in %s', (text) => {
    expect(WRITES.flatMap(([, find]) => find(text))).toEqual([])
  })
})
