/** A process that is guarded as server and workers are, in which one kind of handler throws. */
import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { guardProcess } from '../../logging/guard-process.ts'
import { openLog } from '../../logging/open-log.ts'

const fail = (): never => {
  throw new Error('what went wrong', { cause: new Error('its cause') })
}

const KINDS: Record<string, () => void> = {
  'a stream': () => void createReadStream('/there/is/no/such/file'),
  'a timer': () => void setTimeout(fail),
  'an immediate': () => void setImmediate(fail),
  'a listener': () => void setImmediate(() => new EventEmitter().on('news', fail).emit('news')),
  'an error that nobody listens to': () =>
    void setImmediate(() => new EventEmitter().emit('error', new Error('what went wrong'))),
  'a socket': () => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      connect(port, '127.0.0.1').on('connect', fail)
      server.unref()
    })
  },
  "a child's message": () => {
    const child = fork('-e', ['process.send("hello")'], { execArgv: [] })
    child.on('message', fail)
  },
  'a promise': () => void Promise.reject(new Error('what went wrong')),
  'an async listener': () =>
    void setImmediate(() => new EventEmitter().on('news', async () => fail()).emit('news')),
  'what is no error': () =>
    void setTimeout(() => {
      throw 'what went wrong'
    }),
}

const log = openLog('server', 'info')
guardProcess(log, () => {
  log.info('draining')
  setTimeout(() => process.exit(), 50)
})
KINDS[process.argv[2] ?? '']?.()
await sleep(1_500)
log.info('alive')
process.exit()
