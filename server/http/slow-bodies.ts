import type { RequestHandler, Response } from 'express'

/**
 * Ends a request whose body has not come whole in time: a byte now and then would keep its connection open for ever.
 * It stands before whatever reads the body.
 */
export function endSlowBody(withinMs: number): RequestHandler {
  return (request, response, next) => {
    const timer = setTimeout(() => {
      if (!request.complete) refuse(response, `A request’s body comes within ${withinMs / 1000} s.`)
    }, withinMs)
    const forget = () => clearTimeout(timer)
    request.once('end', forget)
    response.once('close', forget)
    next()
  }
}

/** Ends a body of any length of which too little comes, measured from one look to the next. */
export function endStalledBody({
  everyMs,
  leastBytes,
}: {
  everyMs: number
  leastBytes: number
}): RequestHandler {
  return (request, response, next) => {
    const { socket } = request
    let before = socket.bytesRead
    const timer = setInterval(() => {
      const come = socket.bytesRead - before
      before = socket.bytesRead
      if (request.complete || come >= leastBytes) return
      refuse(
        response,
        `An upload brings at least ${leastBytes} bytes in ${everyMs / 1000} s. Go on from where it stopped.`,
      )
    }, everyMs)
    const forget = () => clearInterval(timer)
    request.once('end', forget)
    response.once('close', forget)
    next()
  }
}

/** Says why, and ends the connection: what is still to come of the body belongs to nothing. */
function refuse(response: Response, message: string): void {
  const { req: request } = response
  if (response.headersSent) return void request.destroy()
  response.once('finish', () => request.destroy())
  response.status(408).set('Connection', 'close').json({ code: 'LIMIT_EXCEEDED', message })
}
