import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { compress } from './compress.ts'
import { type ApiPlace, toApi, toClient } from './headers.ts'

/** Less than the API keeps a connection open between two requests, so that none goes out on one that it is closing. */
const IDLE_CONNECTION_MS = 30_000

/**
 * Forwards requests to the API and its answers back, as streams: a body of any length costs the same memory, and takes
 * as long as the API lets it take. Next's own rewrites keep a whole body in memory, cut it at a limit and end the
 * request after 30 s.
 */
export function forwardRequests(api: ApiPlace) {
  const { hostname, port } = new URL(api.origin)
  const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS })
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, url: path } = incoming
    const outgoing = request({ agent, hostname, port, method, path, headers: toApi(incoming, api) })
    outgoing.once('response', (answer) => sendBack(incoming, answer, response))
    outgoing.on('error', (error) => answerWithoutApi(error, incoming, response))
    response.once('close', () => {
      // Answered, perhaps before all of it was read, or left by its client.
      incoming.unpipe(outgoing)
      incoming.resume()
      outgoing.destroy()
    })
    incoming.pipe(outgoing)
  }
}

function sendBack(incoming: IncomingMessage, answer: IncomingMessage, response: ServerResponse): void {
  const headers = toClient(answer.headers)
  const gzip = compress(incoming, answer, headers)
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers)
  // One that breaks off is destroyed at both ends, and its reader sees that it is not whole.
  const done = () => {}
  if (gzip) pipeline(answer, gzip, response, done)
  else pipeline(answer, response, done)
}

function answerWithoutApi(error: Error, { method }: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  console.error(`a ${method} did not reach the API: ${error.message}`)
  response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify({ code: 'UNAVAILABLE', message: API_IS_AWAY }))
}

const API_IS_AWAY = 'The API is not responding. Try again in a few seconds.'
