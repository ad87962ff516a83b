import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { ExportOrder } from '../../contract/exports.ts'
import { writeExport } from '../../workers/training/start-export.ts'

it('an export whose process sends what no export sends fails, and the worker goes on', async () => {
  const uncaught: Error[] = []
  const take = (error: Error) => uncaught.push(error)
  process.on('uncaughtException', take)
  const nonsense = `data:text/javascript,process.send({type:'almost'})`
  const written = writeExport(
    {} as ExportOrder,
    { ...process.env, NODE_OPTIONS: `--import ${nonsense}` },
    {
      signal: new AbortController().signal,
      onStep: () => {},
    },
  )
  await expect(written).rejects.toThrow(/sent an unknown message/)
  process.off('uncaughtException', take)
  expect(uncaught).toEqual([])
})

it('processes that cannot be started, for want of files, end their own job and not the worker', () => {
  const program = fileURLToPath(new URL('no-files-left.ts', import.meta.url))
  const output = execFileSync(
    'sh',
    ['-c', 'ulimit -n 256; exec "$0" --import tsx "$1"', process.execPath, program],
    { encoding: 'utf8' },
  )
  const { opened, errors } = JSON.parse(output)
  expect(opened).toBe('EMFILE')
  expect(errors[0]).toMatch(/could not be started: spawn .* EMFILE/)
  expect(errors[1]).toMatch(/^spawn .* EMFILE/)
})
