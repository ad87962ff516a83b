import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  url: string
  /** Breaks every connection there is. */
  cut(): void
  /** Breaks each of the next connections once the server has sent so much over it; 0 leaves them whole. */
  cutAfterBytes(count: number): void
  /** Everything that clients have sent, one after the other. */
  sent(): string
  close(): Promise<void>
}

/** A network that breaks when it is told to, in front of a server on this machine. */
export async function openCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  const sent: Buffer[] = []
  let limit = 0
  const proxy = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let received = 0
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    open.add(client)
    client.on('close', () => open.delete(client))
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
    client.on('data', (chunk) => {
      sent.push(Buffer.from(chunk))
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      received += chunk.length
      client.write(chunk, () => limit > 0 && received >= limit && end())
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut: () => open.forEach((socket) => void socket.destroy()),
    cutAfterBytes: (count) => {
      limit = count
    },
    sent: () => Buffer.concat(sent).toString('latin1'),
    async close() {
      for (const socket of open) socket.destroy()
      await once(proxy.close(), 'close')
    },
  }
}
