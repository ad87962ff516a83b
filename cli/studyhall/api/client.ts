import { type DocumentNode, print } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { CommandError, type Outcome } from '../outcome.ts'
import type { ErrorCode } from './generated/operations.ts'
import { noticeSilence } from './notice-silence.ts'

/** As the generated documents are. */
type TypedDocument<Data, Variables> = DocumentNode & { __apiType?: (variables: Variables) => Data }

/** An operation with its types, or its text where a script has no generated ones. */
export type Operation<Data, Variables> = TypedDocument<Data, Variables> | string

interface Failure {
  message: string
  code?: string
  extensions?: { code?: string }
}

/** What the API refuses, as the command's outcome; anything else has failed. */
const OUTCOME_OF: Partial<Record<ErrorCode, Outcome>> = {
  UNAUTHENTICATED: 'notPermitted',
  FORBIDDEN: 'notPermitted',
  INVALID_INPUT: 'usage',
  NOT_FOUND: 'usage',
  CONFLICT: 'usage',
}

/** The connection broke, or there was none: what was asked may be asked again. */
export class ConnectionLost extends CommandError {
  constructor(origin: string, options?: ErrorOptions) {
    super('failed', `Studyhall does not answer at ${origin}.`, options)
  }
}

/** Talks to Studyhall as any client would: HTTP with a session cookie or an API key, WebSocket with the key. */
export class ApiClient {
  readonly origin: string
  readonly #headers: Record<string, string>

  constructor(origin: string, headers: Record<string, string>) {
    this.origin = origin.replace(/\/+$/, '')
    this.#headers = headers
  }

  get headers(): Record<string, string> {
    return { ...this.#headers }
  }

  /** One query or mutation. Throws what the API says went wrong, the payload’s typed errors included. */
  async ask<Data, Variables = Record<string, unknown>>(
    operation: Operation<Data, Variables>,
    ...[variables]: Variables extends Record<string, never> ? [] : [Variables?]
  ): Promise<Data> {
    const response = await this.#post({ query: textOf(operation), variables: variables ?? {} })
    const { data, errors } = await readAnswer<Data>(response, this.origin)
    if (errors?.length) throw failed(errors)
    for (const payload of Object.values((data ?? {}) as Record<string, { errors?: Failure[] } | null>)) {
      if (payload?.errors?.length) throw failed(payload.errors)
    }
    return data as Data
  }

  /** An address that the API gave, at the origin that was asked: the key goes nowhere else. */
  at(address: string): URL {
    const { pathname, search } = new URL(address, this.origin)
    return new URL(`${pathname}${search}`, this.origin)
  }

  async #post(body: object): Promise<Response> {
    try {
      return await fetch(`${this.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.#headers },
        body: JSON.stringify(body),
      })
    } catch (cause) {
      throw new ConnectionLost(this.origin, { cause })
    }
  }

  /** The events of a subscription, until it completes. @throws ConnectionLost where the socket broke */
  async *listen<Data, Variables extends Record<string, unknown> = Record<string, unknown>>(
    operation: Operation<Data, Variables>,
    variables: Variables,
  ): AsyncGenerator<Data> {
    const client = createClient({
      url: `${this.origin.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: this.#headers.authorization },
      retryAttempts: 0,
      ...noticeSilence(),
    })
    try {
      for await (const { data, errors } of client.iterate<Data>({ query: textOf(operation), variables })) {
        if (errors?.length) throw failed(errors as readonly Failure[])
        if (data) yield data
      }
    } catch (error) {
      throw this.#explain(error)
    } finally {
      await client.dispose()
    }
  }

  #explain(error: unknown): unknown {
    if (error instanceof CommandError) return error
    // What is wrong with the subscription itself is thrown as the list that the server sent.
    if (Array.isArray(error)) return failed(error)
    const code = (error as { code?: unknown }).code
    if (code === UNAUTHORIZED) return new CommandError('notPermitted', 'The API key is not good any more.')
    return new ConnectionLost(this.origin, { cause: error })
  }
}

/** The code with which the API closes a socket whose key is not good. */
const UNAUTHORIZED = 4401

function textOf<Data, Variables>(operation: Operation<Data, Variables>): string {
  return typeof operation === 'string' ? operation : print(operation)
}

async function readAnswer<Data>(
  response: Response,
  origin: string,
): Promise<{ data?: Data; errors?: Failure[] }> {
  if (response.status === 503) throw new ConnectionLost(origin)
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError(
      'failed',
      `${origin} answered ${response.status} and no JSON: is it the address of Studyhall?`,
    )
  }
}

function failed(errors: readonly Failure[]): CommandError {
  const code = errors[0]?.code ?? errors[0]?.extensions?.code
  const outcome = OUTCOME_OF[code as ErrorCode] ?? 'failed'
  return new CommandError(outcome, errors.map(({ message }) => message).join('; '))
}
