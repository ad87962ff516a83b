import { DetailedError } from 'tus-js-client'

/** Why an upload ended before its time, in words; `isGone`: the server no longer has what arrived. */
export function explainBreak(error: unknown): { message: string; isGone: boolean } {
  if (!(error instanceof DetailedError)) {
    return { message: error instanceof Error ? error.message : String(error), isGone: false }
  }
  const status = error.originalResponse?.getStatus() ?? 0
  if ([403, 404, 410].includes(status)) {
    return { message: 'The server no longer has the partial upload. Start again.', isGone: true }
  }
  if (status >= 400 && status < 500) {
    const said = error.originalResponse?.getBody().trim()
    return { message: `The server refused the upload: ${said || `status ${status}`}`, isGone: false }
  }
  return {
    message: 'The connection was lost. What was uploaded is kept: resume when you are back online.',
    isGone: false,
  }
}
