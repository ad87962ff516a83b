import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { ExportOrder } from '../../contract/exports.ts'
import { askProcess } from '../../workers/training/ask-process.ts'
import { writeExport } from '../../workers/training/start-export.ts'

it('an export whose process sends what no export sends fails, and the worker goes on', async () => {
  const uncaught: Error[] = []
  const take = (error: Error) => uncaught.push(error)
  process.on('uncaughtException', take)
  const nonsense = `data:text/javascript,process.send({type:'almost'})`
  const written = writeExport(
    { training: {} } as ExportOrder,
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

it('a process that never answers is ended when it has had its time, and is not begun for a worker that stops', async () => {
  const hangs = `data:text/javascript,setInterval(()=>{},1e3);process.on('uncaughtException',()=>{})`
  const ask = (limitMs: number, signal: AbortSignal) =>
    askProcess({
      ...{ program: 'export-process', order: {}, messages: z.unknown(), limitMs, signal },
      environment: { ...process.env, NODE_OPTIONS: `--import ${hangs}` },
      onProgress: () => false,
    })
  await expect(ask(60, new AbortController().signal)).rejects.toThrow('was ended after 0.001 minutes')
  await expect(ask(600_000, AbortSignal.abort())).rejects.toThrow(/aborted/)
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
