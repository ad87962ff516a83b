import type { RequestHandler } from 'express'
import { continueTrace, isTracing } from '../../logging/tracing.ts'

/** A span for each request, which goes on with the caller's trace where it names one. */
export const traceRequests: RequestHandler = (request, response, next) => {
  if (!isTracing()) return next()
  const { traceparent } = request.headers
  const [, area = ''] = request.path.split('/')
  // No more of the address: links of some kinds have their secret in it.
  const attributes = {
    'http.request.method': request.method,
    'http.route': `/${area}`,
    'studyhall.request': String(request.headers['x-request-id']),
  }
  void continueTrace(
    typeof traceparent === 'string' ? traceparent : null,
    `${request.method} /${area}`,
    attributes,
    async (span) => {
      const closed = new Promise((resolve) => response.once('close', resolve))
      next()
      await closed
      span.set({ 'http.response.status_code': response.statusCode })
    },
  )
}
