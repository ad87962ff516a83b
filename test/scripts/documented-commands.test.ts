import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readExperiment } from '../../cli/experiment/read-experiment.ts'
import { readOptions } from '../../cli/train/read-options.ts'
import { documentedLines } from '../documented-lines.ts'

/** The tests that run what the documentation tells to run: a line as it stands there, or the command with other data. */
const RUN_BY: Record<string, string> = {
  // As they stand there.
  studyhall: 'test/cli/studyhall/package.test.ts',
  'npm pack': 'test/cli/studyhall/package.test.ts',
  npx: 'test/cli/studyhall/package.test.ts',
  query: 'test/scripts/query.test.ts',
  curl: 'test/server/graphql/api-docs.test.ts',
  'URL=http://localhost:3000': 'test/server/graphql/api-docs.test.ts',
  sbom: 'test/scripts/documented-commands.test.ts',
  // With data or a database of their own.
  train: 'test/cli/train.test.ts',
  experiment: 'test/cli/experiment.test.ts',
  verify: 'test/workers/receipts.test.ts',
  backup: 'test/scripts/backup.test.ts',
  restore: 'test/scripts/backup.test.ts',
  migrate: 'test/prisma/migrate.test.ts',
  worker: 'test/scripts/worker-command.test.ts',
  doctor: 'test/scripts/doctor.test.ts',
  dev: 'test/scripts/dev.test.ts',
  seed: 'test/journeys/seed.spec.ts',
}

/** What no test runs, and why. */
const NOT_RUN: Record<string, string> = {
  demo: 'trains for a minute; the journeys walk the same way, with its modules',
  'npm start':
    'would meet the product that is running; the journeys start its programs, and supervise.test.ts holds them',
  stop: 'would end the database under the tests; steps and locks of the set-up have tests of their own',
  'test:unit': 'is this',
  'npm install': 'brings another Node, before a release',
  'PATH="$PWD/.studyhall/node-24/node_modules/.bin:$PATH"': 'is the whole run with that Node',
  'try-image': 'takes minutes, root and the network; its reading of the Dockerfile is tested in test/deploy',
  'try-manifests': 'builds Kubernetes; test/deploy checks the manifests by schemas',
}
const ELSEWHERE = /^curl -O https:/

const lines = documentedLines()
const ofProgram = (name: string) => lines.filter(({ program }) => program === name)

/** As a shell reads them; none of these has more than simple quotes. */
const wordsOf = (args: string) =>
  [...args.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

describe('every line of a shell in the documentation', () => {
  it('is run by a test, or has a reason not to be', () => {
    expect(lines.length).toBeGreaterThan(40)
    const others = lines.filter(
      ({ program, line }) => !(program in RUN_BY) && !(program in NOT_RUN) && !ELSEWHERE.test(line),
    )
    expect(others).toEqual([])
    const programs = new Set(lines.map(({ program }) => program))
    for (const name of [...Object.keys(RUN_BY), ...Object.keys(NOT_RUN)]) expect(programs).toContain(name)
    for (const file of Object.values(RUN_BY)) expect([file, existsSync(file)]).toEqual([file, true])
  })

  it.each(ofProgram('train'))('$line: has options that are understood', ({ args }) => {
    const options = readOptions(wordsOf(args))
    expect(options?.cohort.students).toHaveLength(2)
    expect(options?.notes).toEqual([])
  })

  it.each(ofProgram('experiment'))('$line: has a file that is understood', ({ args }) => {
    const [file = '', ...options] = wordsOf(args)
    expect(readExperiment(file).arms.length).toBeGreaterThan(1)
    expect(['--data', '--report']).toContain(options[0])
    if (options[1]?.startsWith('samples/')) expect(existsSync(options[1])).toBe(true)
  })

  it('npm run --silent sbom: prints a bill of materials', async () => {
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { maxBuffer: 1 << 26 })
    const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: unknown[] }
    expect([bomFormat, components.length > 100]).toEqual(['CycloneDX', true])
  })
})
