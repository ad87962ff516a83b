import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'

const MAX_LINES = 250
const MAX_FILES = 25
const SOURCE = /\.(ts|tsx|mjs|mts|cjs|py|graphql|css)$/
/** The public schema is one document, so that people can read and compare it as one. */
const ONE_DOCUMENT = 'schema.graphql'
/** By `npm run generate`; kept all the same, since pip installs the client from a fresh clone. */
const WRITTEN_BY_A_PROGRAM = 'clients/python/studyhall/operations.py'

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(file))

it(`no source file has more than ${MAX_LINES} lines`, () => {
  const sources = files.filter(
    (file) => SOURCE.test(file) && ![ONE_DOCUMENT, WRITTEN_BY_A_PROGRAM].includes(file),
  )
  expect(sources.length).toBeGreaterThan(100)
  const long = sources.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length
    return lines > MAX_LINES ? [`${file}: ${lines}`] : []
  })
  expect(long).toEqual([])
})

it(`no folder holds more than ${MAX_FILES} files`, () => {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([])
})
