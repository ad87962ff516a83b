import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { documentedLines } from '../documented-lines.ts'

const run = promisify(execFile)
let database: TestDatabase

async function query(...args: string[]) {
  const command = ['--import', 'tsx', 'scripts/query.ts', ...args]
  const env = { ...process.env, DATABASE_URL: database.url }
  return run(process.execPath, command, { env }).catch(
    (error) => error as { code: number; stderr: string; stdout: string },
  )
}

describe('npm run query', () => {
  beforeAll(async () => {
    database = await createTestDatabase()
    return () => database.drop()
  })

  it('prints what it was asked for as a table', async () => {
    const { stdout } = await query(`SELECT 40 + 2 AS answer, count(*) AS runs FROM "Run"`)
    expect(stdout).toContain('answer')
    expect(stdout).toContain('42')
  })

  it('answers what the documentation has asked by it', async () => {
    const lines = documentedLines().filter(({ program }) => program === 'query')
    expect(lines.length).toBeGreaterThan(2)
    const statements = lines.map(({ args }) => args.slice(1, -1).replaceAll('\\"', '"'))
    const answers = await Promise.all(statements.map((statement) => query(statement)))
    for (const answer of answers)
      expect(answer).toMatchObject({ stdout: expect.stringContaining('(index)'), stderr: '' })
  })

  it('changes nothing', async () => {
    const answer = await query(`DELETE FROM "Run"`)
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining('read-only') })
  })

  it('says how it is called where it is called otherwise', async () => {
    expect(await query()).toMatchObject({ code: 1, stderr: expect.stringContaining('Usage: npm run query') })
  })
})
