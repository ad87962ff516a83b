import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { root } from '../../scripts/setup/settings.mjs'

it('a stack of a built program names the lines of its source', async () => {
  const child = fork(path.join(root, 'dist/training-process.js'), {
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.send({ type: 'no order at all' })
  const source = path.join(root, 'workers/training/process.ts')
  const [, line] = new RegExp(`${source}:(\\d+)`).exec(await text(child.stderr!)) ?? []
  expect(readFileSync(source, 'utf8').split('\n')[Number(line) - 1]).toContain(
    'TrainingControl.parse(message)',
  )
})
