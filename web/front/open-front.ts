import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { clientAddressOf } from './client-address.ts'
import { forwardRequests } from './forward-request.ts'
import { forwardUpgrades } from './forward-upgrade.ts'
import type { ApiPlace } from './headers.ts'
import { headersOfPage, newNonce, type Surroundings, securityHeaders } from './security-headers.ts'

/** Paths that the API answers; the browser sees one origin, so cookies need no CORS. */
const OF_THE_API =
  /^\/((graphql|mcp|schema\.graphql|livez|readyz|healthz)(?=\?|$)|(api\/auth|uploads|files|pictures|thumbnails)(?=[/?]|$))/
/** A proxy must be the one that closes a connection between two requests: its next one may be on the way already. */
const KEEP_ALIVE_MS = 75_000
/** A whole header must have come in so long. */
const HEADERS_TIMEOUT_MS = 10_000

export interface Pages {
  answer: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes over the sockets of a development server; there are none in production. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** How people reach the product. */
export interface Place {
  isSecure: boolean
  publicOrigin: string
}

/** The one port that browsers and clients see: pages are answered here, and what the API answers is forwarded to it. */
export function openFront(
  api: ApiPlace,
  pages: Pages,
  { isSecure, publicOrigin }: Place = { isSecure: false, publicOrigin: 'http://localhost:3000' },
): Server {
  const forward = forwardRequests(api)
  const forwardUpgrade = forwardUpgrades(api)
  const surroundings = { development: pages.upgrade !== undefined, isSecure }
  const ofTheApi = securityHeaders(surroundings)
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
    if (!isOfTheApi(request)) return answerPage(pages, { surroundings, api, publicOrigin }, request, response)
    response.setHeaders(ofTheApi)
    forward(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    if (isOfTheApi(request)) forwardUpgrade(request, socket, head)
    else if (pages.upgrade) pages.upgrade(request, socket, head)
    else socket.destroy()
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  // An upload takes as long as it takes: the API ends it when too few bytes come.
  server.requestTimeout = 0
  return server
}

function answerPage(
  pages: Pages,
  { surroundings, api, publicOrigin }: { surroundings: Surroundings; api: ApiPlace; publicOrigin: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const nonce = newNonce()
  const headers = securityHeaders(surroundings, nonce)
  response.setHeaders(headers)
  response.setHeaders(new Map(headersOfPage(request.url ?? '')))
  // Next reads there which nonce its own scripts are to carry; whatever a client sent under these names is gone.
  request.headers['content-security-policy'] = headers.get('content-security-policy')
  request.headers['x-nonce'] = nonce
  // And pages that ask the API themselves, where it is, and under which address people reach it.
  request.headers['x-api-origin'] = api.origin
  request.headers['x-public-origin'] = publicOrigin
  // And for whom they ask, so that one who asks too much takes nothing from others.
  request.headers['x-client-address'] = clientAddressOf(request, api.proxies)
  request.headers['x-front-secret'] = api.secret
  delete request.headers['content-security-policy-report-only']
  // No page reads a body: who still sends one when the page is answered would hold the connection open.
  response.once('finish', () => {
    if (!request.complete) request.destroy()
  })
  pages.answer(request, response)
}

function isOfTheApi(request: IncomingMessage): boolean {
  return OF_THE_API.test(request.url ?? '') && !isForTheExplorer(request)
}

/** Of these the API asks one with every GET: no browser that is led somewhere sends them, and some programs take HTML, too. */
const OF_PROGRAMS = ['content-type', 'apollo-require-preflight', 'x-apollo-operation-name']

/** A browser that is led to /graphql gets the page on which the API is tried; `rsc` has Next ask for its own pages. */
function isForTheExplorer({ url = '', method, headers }: IncomingMessage): boolean {
  const isRead = method === 'GET' || method === 'HEAD'
  const wantsPage = headers.rsc !== undefined || /\btext\/html\b/.test(headers.accept ?? '')
  const isOfProgram = headers.upgrade !== undefined || OF_PROGRAMS.some((name) => headers[name] !== undefined)
  return isRead && wantsPage && !isOfProgram && /^\/graphql(?=\?|$)/.test(url)
}
