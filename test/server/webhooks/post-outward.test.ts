import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OutwardRules, postOutward } from '../../../server/webhooks/post-outward.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const MESSAGE = { headers: { 'content-type': 'application/json' }, body: '{"a":"ü"}' }

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())
beforeEach(() => {
  receiver.received.length = 0
  receiver.connections = 0
  receiver.bytesSent = 0
})

/** `lab.test` is named and resolves to this machine; every other name to what the test says. */
const rules = (addresses: string[] = ['127.0.0.1']): OutwardRules & { asked: string[] } => {
  const asked: string[] = []
  const resolve = async (host: string) => {
    asked.push(host)
    return addresses
  }
  return { privateHosts: ['lab.test'], timeoutMs: 300, resolve, asked }
}
const post = (path: string, given: OutwardRules = rules()) =>
  postOutward(new URL(`http://lab.test:${receiver.port}${path}`), MESSAGE, given)

describe('a message', () => {
  it('arrives under the name that was typed, whole and once', async () => {
    expect(await post('/takes')).toEqual({ status: 204, body: '' })
    expect(receiver.received).toMatchObject([
      { path: '/takes', body: MESSAGE.body, headers: { host: `lab.test:${receiver.port}` } },
    ])
  })

  it('that fails tells the status and the start of the answer', async () => {
    expect(await post('/fails')).toEqual({ status: 500, body: 'no <b>today</b>' })
  })

  it.each([
    ['/hangs', 'No answer within 0.3 s.'],
    ['/cuts', 'The connection was cut before an answer came.'],
    ['/headers', 'The answer’s headers have more than 8 KiB.'],
    ['/speaks', 'What answered is no HTTP.'],
  ])('row 66: to a receiver at %s is given up in time', async (path, why) => {
    const begun = Date.now()
    await expect(post(path)).rejects.toThrow(why)
    expect(Date.now() - begun).toBeLessThan(5_000)
  })

  it.each([
    ['/drips', 200, /^\.+$/],
    ['/breaks', 200, /^so far$/],
    ['/upgrades', 101, /^$/],
  ])('row 66: that is answered at %s has its status, though no more comes', async (path, status, body) => {
    expect(await post(path)).toEqual({ status, body: expect.stringMatching(body) })
  })

  it('row 66: of an answer without end only the start is read', async () => {
    const { status, body } = await post('/floods')
    expect([status, body]).toEqual([200, 'x'.repeat(2_000)])
    await expect.poll(() => receiver.bytesSent).toBeGreaterThan(2_000)
    // What the machine had buffered by then.
    expect(receiver.bytesSent).toBeLessThan(32 * 1024 * 1024)
  })

  it.each(['/inward', '/loops'])('row 41: follows no redirect (%s)', async (path) => {
    expect((await post(path)).status).toBe(307)
    expect(receiver.received.map((one) => one.path)).toEqual([path])
  })

  it('to a name that cannot be found, and to a port where nobody is, says so', async () => {
    await expect(post('/', rules([]))).rejects.toThrow('has no address')
    const nowhere = postOutward(new URL('http://lab.test:1/'), MESSAGE, rules())
    await expect(nowhere).rejects.toThrow('Nothing listens there.')
  })

  it('is given up at once where the server stops', async () => {
    const stop = new AbortController()
    const posted = post('/hangs', { ...rules(), timeoutMs: 600_000, stop: stop.signal })
    await expect.poll(() => receiver.received.length).toBe(1)
    stop.abort()
    await expect(posted).rejects.toThrow()
  })

  it('is given up where the name is looked up for ever', async () => {
    const resolve = () => new Promise<string[]>(() => {})
    await expect(post('/', { ...rules(), resolve })).rejects.toThrow('No answer within')
  })
})

describe('row 41: nothing is connected to', () => {
  const outward = (given: OutwardRules) =>
    postOutward(new URL(`https://hooks.example.org:${receiver.port}/`), MESSAGE, given)

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['10.0.0.1']],
    [['93.184.216.34', '127.0.0.1']],
    [['127.0.0.1', '2606:4700::1']],
  ])('where a name resolves to %s', async (addresses) => {
    await expect(outward(rules(addresses))).rejects.toThrow('private or reserved address')
    expect(receiver.connections).toBe(0)
  })

  it('at a link-local address, though the host was named', async () => {
    await expect(post('/', rules(['169.254.169.254']))).rejects.toThrow('private or reserved address')
  })

  it('but the address that was checked, whatever the name resolves to a moment later', async () => {
    const other = await startReceiver('127.0.0.2')
    const answers = [['127.0.0.1'], ['127.0.0.2']]
    let asked = 0
    const resolve = async () => answers[Math.min(asked++, 1)]!
    await post('/first', { ...rules(), resolve })
    expect([asked, receiver.received.length, other.connections]).toEqual([1, 1, 0])
    await other.stop()
  })
})
