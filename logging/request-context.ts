import { AsyncLocalStorage } from 'node:async_hooks'

const requests = new AsyncLocalStorage<string | undefined>()

/**
 * Does something for a request, wherever that leads: every line logged meanwhile carries its id, in the server, and in
 * the worker that does what the request asked for.
 * @param requestId  as in the answer's X-Request-Id; without one nothing changes
 */
export function forRequest<Result>(requestId: string | null | undefined, work: () => Result): Result {
  return requestId ? requests.run(requestId, work) : work()
}

/** Does something that no request asked for, such as what a worker does with the runs of others. */
export function forNoRequest<Result>(work: () => Result): Result {
  return requests.run(undefined, work)
}

/** The id of the request for which this is done, if there is one. */
export function currentRequestId(): string | undefined {
  return requests.getStore()
}
