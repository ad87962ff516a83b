import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { type Duplex, pipeline } from 'node:stream'
import { type ApiPlace, toApi, toClient } from './headers.ts'

/** Forwards WebSockets to the API, from the handshake on byte by byte. */
export function forwardUpgrades(api: ApiPlace) {
  const { hostname, port } = new URL(api.origin)
  return (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { upgrade } = incoming.headers
    const headers = { ...toApi(incoming, api), connection: 'Upgrade', upgrade }
    const outgoing = request({ agent: false, hostname, port, path: incoming.url, headers })
    outgoing.once('upgrade', (answer, upstream, upstreamHead) => {
      socket.write(headOf(answer, { ...toClient(answer.headers), connection: 'Upgrade', upgrade }))
      socket.write(upstreamHead)
      upstream.write(head)
      join(socket, upstream)
    })
    outgoing.once('response', (refusal) => {
      socket.write(headOf(refusal, { ...toClient(refusal.headers), connection: 'close' }))
      pipeline(refusal, socket, () => socket.destroy())
    })
    outgoing.on('error', () => socket.destroy())
    // Node has given the socket up to us: an error that nobody hears would end the process.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => outgoing.destroy())
    outgoing.end()
  }
}

function headOf({ statusCode, statusMessage }: IncomingMessage, headers: OutgoingHttpHeaders): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  )
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n')
}

function join(one: Duplex, other: Duplex): void {
  other.on('error', () => other.destroy())
  one.once('close', () => other.destroy())
  other.once('close', () => one.destroy())
  one.pipe(other)
  other.pipe(one)
}
