import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import manifest from '../../../web/app/manifest.ts'
import { forgetOperations } from '../../../web/features/session/forget-operations.ts'
import { rememberTeam, teamToOpen } from '../../../web/features/team/last-team.ts'

it('whoever comes back opens the team that was open last, and the first one where that is gone', () => {
  const teams = [{ slug: 'first' }, { slug: 'second' }]
  expect(teamToOpen(teams)).toEqual({ slug: 'first' })
  rememberTeam('second')
  expect(teamToOpen(teams)).toEqual({ slug: 'second' })
  rememberTeam('left-since')
  expect(teamToOpen(teams)).toEqual({ slug: 'first' })
  expect(teamToOpen([])).toBeUndefined()
})

it('what is installed begins at one’s team, in a window of its own, and has the icons that it names', () => {
  const { start_url, display, icons = [] } = manifest()
  expect([start_url, display]).toEqual(['/', 'standalone'])
  expect(icons.map(({ sizes }) => sizes)).toContain('any')
  for (const { src } of icons) expect(existsSync(path.resolve('web/app', `.${src}`))).toBe(true)
})

it('leaves of the explorer of the API nothing to whoever signs in next', () => {
  localStorage.setItem('graphiql:queries', '{"queries":[{"variables":"…"}]}')
  localStorage.setItem('graphiql:tabState', '{}')
  localStorage.setItem('of-something-else', 'kept')
  forgetOperations()
  expect(Object.keys(localStorage).filter((key) => key.startsWith('graphiql'))).toEqual([])
  expect(localStorage.getItem('of-something-else')).toBe('kept')
})
