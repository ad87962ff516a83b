/** Logs failures as a server and as a worker do, one line each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openLog } from '../../logging/open-log.ts'
import { forRequest } from '../../logging/request-context.ts'

const PASSWORD = 'hunter2'

for (const process of ['server', 'worker'] as const) {
  const log = openLog(process, 'info')
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:6379')
  log.warn({ err: new Error('no worker was told', { cause }) }, 'the run was not enqueued')
  log.error({ err: 'out of space' }, 'the export failed')
  log.info({ headers: { authorization: PASSWORD }, password: PASSWORD }, 'top level')
  log.child({ request: { headers: { cookie: PASSWORD }, token: PASSWORD } }).info('one level down')
  const refused = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    command: { name: 'auth', args: ['studyhall', PASSWORD] },
  })
  log.warn({ err: refused }, 'the queue is out of reach')
  log.warn({ err: new Error(`cannot reach postgresql://app:${PASSWORD}@db:5432/studyhall`) }, 'out of reach')
  await forRequest('req_1', async () => {
    await sleep(1)
    log.child({ runId: 'run_1' }).info('for a request')
  })
  log.info('for none')
  // @ts-expect-error: under any key but `err` the cause would not be serialized, and no terminal would show it.
  log.warn({ error: cause }, 'no such key')
}
