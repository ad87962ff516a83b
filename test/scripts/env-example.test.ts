import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const SOURCES = [
  'scripts/setup/settings.mjs',
  'scripts/start/processes.ts',
  'scripts/start/environment.ts',
  'server/config.ts',
  'server/access/sign-in/settings.ts',
  'workers/config.ts',
  'web/front/config.ts',
  'storage/open-storage.ts',
]
/** Set by `npm start` itself: it has chosen the ports, and everything runs as in production. */
const SET_BY_START = [
  'API_PORT',
  'STUDYHALL_WEB_PORT',
  'STUDYHALL_API_ORIGIN',
  'NODE_ENV',
  'NEXT_TELEMETRY_DISABLED',
  'TF_CPP_MIN_LOG_LEVEL',
]
/** What npm tells its scripts. */
const SET_BY_NPM = ['npm_lifecycle_event']

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const offered = [...read('.env.example').matchAll(/^([A-Z_0-9]+)=/gm)].map(([, name]) => name!)

function listVariablesRead(): string[] {
  const sources = SOURCES.filter((file) => existsSync(new URL(`../../${file}`, import.meta.url))).map(read)
  const names = sources.flatMap((source) => [
    ...[...source.matchAll(/process\.env\.(\w+)/g)].map(([, name]) => name!),
    ...[...source.matchAll(/^ {2,4}([A-Z][A-Z_0-9]{3,}):/gm)].map(([, name]) => name!),
  ])
  return [...new Set(names)].filter((name) => ![...SET_BY_START, ...SET_BY_NPM].includes(name)).sort()
}

describe('.env.example', () => {
  it('offers exactly the variables that the programs read', () => {
    expect([...offered].sort()).toEqual(listVariablesRead())
  })

  it('changes nothing when it is copied as it stands', () => {
    expect(read('.env.example').match(/^[A-Z_]+=.+$/gm)).toBeNull()
  })
})
