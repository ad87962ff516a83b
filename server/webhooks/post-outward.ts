import { lookup, Resolver } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { toStorable } from '../../contract/text.ts'
import { isMetadataAddress, isPublicAddress } from './public-address.ts'

const DNS_TIMEOUT_MS = 3_000
const MAX_HEADER_BYTES = 8 * 1024
/** What is read of an answer's body; the rest is not waited for. */
const MAX_BODY_BYTES = 2_000

/** Finds a host's addresses. */
export type Resolve = (hostname: string) => Promise<string[]>

export interface OutwardRules {
  /** Hosts that may have private addresses and plain http, as they stand in a URL. */
  privateHosts: readonly string[]
  timeoutMs: number
  /** Gives up at once, as where the server stops. */
  stop?: AbortSignal | undefined
  resolve?: Resolve | undefined
}

export interface Answered {
  status: number
  /** Its first bytes. */
  body: string
}

/** Why a message was not taken, in words for whoever set the address. */
export class OutwardError extends Error {}

/**
 * Posts a message to an address that somebody typed. Connects only to addresses that it has checked, never to a name that
 * could resolve anew; follows no redirect; and is done in time, whatever answers.
 * @throws OutwardError
 */
export async function postOutward(
  url: URL,
  message: { headers: Record<string, string>; body: string | Buffer },
  rules: OutwardRules,
): Promise<Answered> {
  const refusal = refuseUrl(url, rules.privateHosts)
  if (refusal) throw new OutwardError(refusal)
  const { signal, release } = limitTime(rules)
  try {
    const addresses = await withSignal(resolveChecked(url, rules), signal)
    return await post(url, message, addresses, signal)
  } catch (error) {
    if (error instanceof OutwardError) throw error
    if (signal.aborted) throw new OutwardError(`No answer within ${rules.timeoutMs / 1000} s.`)
    throw new OutwardError(describe(error))
  } finally {
    release()
  }
}

/** By hand, because Node 20 keeps something of every AbortSignal.any for as long as the signal of the server's stop. */
function limitTime({ timeoutMs, stop }: OutwardRules): { signal: AbortSignal; release: () => void } {
  const limit = new AbortController()
  const end = () => limit.abort()
  const timer = setTimeout(end, timeoutMs)
  stop?.addEventListener('abort', end)
  if (stop?.aborted) end()
  const release = () => {
    clearTimeout(timer)
    stop?.removeEventListener('abort', end)
  }
  return { signal: limit.signal, release }
}

/** What is wrong with an address before anything is asked of it; null if nothing. */
export function refuseUrl(url: URL, privateHosts: readonly string[]): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'A webhook’s address begins with https://.'
  if (url.username || url.password) return 'A webhook’s address has no name and password in it.'
  if (isNamed(url, privateHosts)) return null
  const host = bareHost(url)
  if (isIP(host) && !isPublicAddress(host)) return refused(url.hostname)
  return url.protocol === 'https:'
    ? null
    : 'A webhook’s address begins with https://, so that nobody reads along.'
}

/** Every address must be allowed: a name with one good and one bad address is refused. */
async function resolveChecked(url: URL, { privateHosts, resolve }: OutwardRules): Promise<string[]> {
  const host = bareHost(url)
  const named = isNamed(url, privateHosts)
  const find = resolve ?? (named ? resolveLocally : resolvePublicly)
  const addresses = isIP(host) ? [host] : await find(host)
  if (addresses.length === 0) throw new OutwardError(`The host ${host} has no address.`)
  const allowed = addresses.every((address) =>
    named ? !isMetadataAddress(address) : isPublicAddress(address),
  )
  if (!allowed) throw new OutwardError(refused(url.hostname))
  return addresses
}

function refused(host: string): string {
  return `${host} is at a private or reserved address, to which nothing is sent. Whoever runs the service can name it in WEBHOOK_PRIVATE_HOSTS.`
}

function isNamed({ hostname }: URL, privateHosts: readonly string[]): boolean {
  return privateHosts.includes(hostname.toLowerCase())
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** As the machine resolves names, /etc/hosts among them; only for hosts that its administrator has named. */
async function resolveLocally(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}

/** By DNS alone, which does not take the threads that files need. */
async function resolvePublicly(hostname: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 2 })
  const none = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENODATA' || error.code === 'ENOTFOUND') return []
    throw error
  }
  const [v4, v6] = await Promise.all([
    resolver.resolve4(hostname).catch(none),
    resolver.resolve6(hostname).catch(none),
  ])
  return [...v4, ...v6]
}

/** The name goes into the certificate's check and the Host header; the connection goes to the address alone. */
function post(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string | Buffer },
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Answered> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  const [first = { address: '', family: 4 }] = found
  const lookup: LookupFunction = (_, { all }, callback) =>
    all ? callback(null, found) : callback(null, first.address, first.family)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const posting = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup,
      agent: false,
      signal,
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    let hasAnswered = false
    posting.on('error', (error) => hasAnswered || reject(error))
    posting.on('response', async (response) => {
      hasAnswered = true
      resolve({ status: response.statusCode ?? 0, body: await readStart(response) })
      posting.destroy()
    })
    // 101: the answer of a receiver that wants to speak something else.
    posting.on('upgrade', ({ statusCode = 0 }, socket) => {
      resolve({ status: statusCode, body: '' })
      socket.destroy()
    })
    posting.on('close', () => hasAnswered || reject(new OutwardError(CUT)))
    posting.end(body)
  })
}

/** What came of an answer's first bytes: its status counts, though the rest is cut off or never ends. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let byteLength = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      byteLength += chunk.length
      if (byteLength >= MAX_BODY_BYTES) break
    }
  } catch {
    // Whoever posted has its status.
  }
  const bytes = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES)
  return toStorable(bytes.toString('utf8'), MAX_BODY_BYTES)
}

function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

const CUT = 'The connection was cut before an answer came.'

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there.',
  ECONNRESET: CUT,
  ENOTFOUND: 'There is no such host.',
  EAI_AGAIN: 'The host could not be looked up.',
  ETIMEOUT: 'The host could not be looked up.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The host cannot be reached.',
  HPE_HEADER_OVERFLOW: 'The answer’s headers have more than 8 KiB.',
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (REASONS[code]) return REASONS[code]
  if (/^HPE_/.test(code)) return 'What answered is no HTTP.'
  if (/CERT|TLS|SSL/.test(code)) return `The certificate was not accepted (${code}).`
  return `The connection failed${code ? ` (${code})` : ''}.`
}
