import { expect, it } from 'vitest'
import { safeNextPath, signInPath } from '../../web/features/session/sign-in-path.ts'

it.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example/x',
  '/\n/evil.example',
  '/\r\\evil.example',
  '/./\t/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '\t//evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  '',
  undefined,
  ['/ada', '//evil.example'],
])('no sign-in leads on to %j', (next) => {
  const path = safeNextPath(next)
  expect(path).toBe('/')
})

it.each(['/ada', '/ada/runs/1?tab=charts', '/ada/models?kind=ENSEMBLE#files', '/a%20b', '/'])(
  'a sign-in leads on to %s',
  (next) => expect(safeNextPath(next)).toBe(next),
)

it.each(['/\t/evil.example', '/\u2028/evil.example', '/a\n/b', '/\u0000/evil.example'])(
  'wherever %j leads, it is here',
  (next) => {
    const path = safeNextPath(next)
    expect(new URL(path, 'https://studyhall.example').origin).toBe('https://studyhall.example')
  },
)

it('the sign-in page leads back to where one was', () => {
  expect(signInPath({ pathname: '/ada/runs', search: '?a=1' })).toBe('/sign-in?next=%2Fada%2Fruns%3Fa%3D1')
  expect(signInPath({ pathname: '/sign-in', search: '' })).toBe('/sign-in')
})
