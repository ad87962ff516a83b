import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatLine } from '../../scripts/start/format-line.ts'

let output: string[]
beforeAll(() => {
  const program = fileURLToPath(new URL('failing-process.ts', import.meta.url))
  output = execFileSync(process.execPath, ['--import', 'tsx', program], { encoding: 'utf8' }).split('\n')
})

const linesOf = (name: string) => output.filter((line) => line.includes(`"process":"${name}"`))

describe.each(['server', 'worker'])('the log of a %s', (name) => {
  it('shows on the terminal why something failed, with the causes of the cause', () => {
    const shown = linesOf(name).map((line) => formatLine(name, line))
    expect(shown[0]).toBe(
      `${name} │ warning: the run was not enqueued (no worker was told: connect ECONNREFUSED 127.0.0.1:6379)`,
    )
    expect(shown[1]).toBe(`${name} │ error: the export failed (out of space)`)
  })

  it('holds where an error was thrown', () => {
    expect(JSON.parse(linesOf(name)[0]!).err).toMatchObject({
      type: 'Error',
      stack: expect.stringContaining('failing-process.ts'),
    })
  })

  it('names the request for which something is done, however late', () => {
    const told = linesOf(name).map((line) => JSON.parse(line))
    expect(told.find(({ msg }) => msg === 'for a request')).toMatchObject({
      requestId: 'req_1',
      runId: 'run_1',
    })
    expect(told.find(({ msg }) => msg === 'for none')).not.toHaveProperty('requestId')
  })

  it('row 39: blots out credentials, in fields, headers, commands and addresses', () => {
    const lines = linesOf(name).join('\n')
    expect(lines).toContain('one level down')
    expect(lines).toContain('postgresql://app:[redacted]@db:5432/studyhall')
    expect(lines).not.toContain('hunter2')
  })
})
