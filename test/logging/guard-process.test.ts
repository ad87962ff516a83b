import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('throwing-process.ts', import.meta.url))

function run(kind: string) {
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', program, kind], {
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  return { status, lines, words: lines.map(({ msg }) => msg) }
}

describe('row 53: an error that nobody caught', () => {
  it.each([
    'a stream',
    'a timer',
    'an immediate',
    'a listener',
    'an error that nobody listens to',
    'a socket',
    'what is no error',
  ])('in %s is logged with its cause, and the process drains', (kind) => {
    const { status, lines, words } = run(kind)
    expect(words).toEqual(['an error that nobody caught; the process ends in order', 'draining'])
    expect(lines[0].err.message).toMatch(/went wrong|no such file/)
    expect(status).toBe(1)
  })

  it.each(['a promise', 'an async listener'])(
    'of %s is logged with its cause, and the process lives',
    (kind) => {
      const { status, lines, words } = run(kind)
      expect(words).toEqual(['a promise failed, and nobody was there to hear of it', 'alive'])
      expect(lines[0].err.message).toMatch(/what went wrong/)
      expect(status).toBe(0)
    },
  )
})
