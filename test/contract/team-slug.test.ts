import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isReservedSlug, mayBeTeamSlug } from '../../contract/team-slug.ts'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)

it('no team has the address of a page, whichever pages there are', () => {
  const pages = readdirSync(at('web/app'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => (/^\(.*\)$/.test(name) ? readdirSync(at(`web/app/${name}`)) : [name]))
    .filter((name) => /^[a-z-]+$/.test(name))
  expect(pages).toContain('sign-in')
  expect(pages.filter((name) => !isReservedSlug(name))).toEqual([])
})

it('no team has an address that the front forwards to the API', () => {
  const front = readFileSync(at('web/front/open-front.ts'), 'utf8')
  const [, pattern = ''] = /OF_THE_API =\s+\/(.*)\/\n/.exec(front) ?? []
  const segments = pattern.match(/[a-z]{3,}/g) ?? []
  expect(segments).toEqual(
    expect.arrayContaining(['graphql', 'api', 'uploads', 'files', 'pictures', 'thumbnails']),
  )
  // `api/auth` is two of them, and so is `schema.graphql`, whose dot no slug has.
  const open = segments.filter((name) => !['auth', 'schema'].includes(name) && !isReservedSlug(name))
  expect(open).toEqual([])
})

it.each([
  'healthz',
  'metrics',
  '.env',
  '.git',
  'ab',
  '-ab',
  'Ada',
  'a'.repeat(41),
  'a_b',
  'graphql',
  'wp-login.php',
])('there is no team at /%s, whoever asks', (slug) => expect(mayBeTeamSlug(slug)).toBe(false))

it.each(['ada', 'grace-hopper', 'team', 'demo', '123', 'a'.repeat(40)])('there may be one at /%s', (slug) =>
  expect(mayBeTeamSlug(slug)).toBe(true),
)
