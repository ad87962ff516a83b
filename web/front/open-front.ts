import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { forwardRequests } from './forward-request.ts'
import { forwardUpgrades } from './forward-upgrade.ts'
import { securityHeaders } from './security-headers.ts'

/** Paths that the API answers; the browser sees one origin, so cookies need no CORS. */
const OF_THE_API = /^\/(graphql(?=\?|$)|(api\/auth|uploads|files|pictures|thumbnails)(?=[/?]|$))/
/** A proxy must be the one that closes a connection between two requests: its next one may be on the way already. */
const KEEP_ALIVE_MS = 75_000

export interface Pages {
  answer: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes over the sockets of a development server; there are none in production. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** The one port that browsers and clients see: pages are answered here, and what the API answers is forwarded to it. */
export function openFront(apiOrigin: string, pages: Pages): Server {
  const forward = forwardRequests(apiOrigin)
  const forwardUpgrade = forwardUpgrades(apiOrigin)
  const headers = securityHeaders({ development: pages.upgrade !== undefined })
  const server = createServer((request, response) => {
    response.setHeaders(headers)
    if (isOfTheApi(request)) forward(request, response)
    else pages.answer(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    if (isOfTheApi(request)) forwardUpgrade(request, socket, head)
    else if (pages.upgrade) pages.upgrade(request, socket, head)
    else socket.destroy()
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  // An upload takes as long as it takes: the API ends it when no bytes come.
  server.requestTimeout = 0
  return server
}

function isOfTheApi({ url = '' }: IncomingMessage): boolean {
  return OF_THE_API.test(url)
}
