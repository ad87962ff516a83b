import { print } from 'graphql'
import { headers } from 'next/headers'
import { cache } from 'react'
import { SharedPreviewDocument, type SharedPreviewQuery } from '../../../graphql/generated/operations.ts'

export type Preview = NonNullable<SharedPreviewQuery['sharedPreview']>

/** A preview is worth no longer wait: the page itself says what is wrong. */
const WITHIN_MS = 5_000

/**
 * What may be told of a link before anybody opened it, asked of the API by the page's server, once for a request. Null where
 * the link is over or asks for a password, and where the API does not answer.
 */
export const readPreview = cache(
  async (token: string): Promise<{ preview: Preview | null; publicOrigin: string }> => {
    const asked = await headers()
    const publicOrigin = asked.get('x-public-origin') ?? 'http://localhost:3000'
    try {
      const response = await fetch(`${asked.get('x-api-origin')}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': asked.get('x-client-address') ?? '',
          'x-studyhall-front': asked.get('x-front-secret') ?? '',
        },
        body: JSON.stringify({ query: print(SharedPreviewDocument), variables: { token } }),
        signal: AbortSignal.timeout(WITHIN_MS),
        cache: 'no-store',
      })
      const { data } = (await response.json()) as { data?: SharedPreviewQuery }
      return { preview: data?.sharedPreview ?? null, publicOrigin }
    } catch {
      return { preview: null, publicOrigin }
    }
  },
)
