import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, ServerError } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { RetryLink } from '@apollo/client/link/retry'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { createCache } from './cache.ts'

/**
 * The page's Apollo client: queries over HTTP, subscriptions over one WebSocket, both authenticated by
 * cookie.
 */
export function createApolloClient(onSignedOut: () => void): ApolloClient {
  const http = new HttpLink({ uri: '/graphql', credentials: 'same-origin' })
  const transport =
    typeof window === 'undefined'
      ? http
      : ApolloLink.split(
          ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
          createSocketLink(),
          http,
        )
  return new ApolloClient({
    link: ApolloLink.from([createSignedOutLink(onSignedOut), createRetryLink(), transport]),
    cache: createCache(),
    ssrMode: typeof window === 'undefined',
    devtools: { enabled: false },
  })
}

/** Without retries: an interrupted subscription fails, and use-live.ts resumes it from the right place. */
function createSocketLink(): GraphQLWsLink {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
  return new GraphQLWsLink(
    createClient({ url, lazy: true, lazyCloseTimeout: 5_000, retryAttempts: 0, keepAlive: 15_000 }),
  )
}

/**
 * Retries queries while the server restarts or the connection is broken: five times within about six seconds.
 * Mutations are never sent twice.
 */
export function createRetryLink(): RetryLink {
  return new RetryLink({
    delay: { initial: 250, max: 2_000, jitter: false },
    attempts: (count, { operationType }, error) =>
      count <= 5 && operationType === OperationTypeNode.QUERY && isAway(error),
  })
}

/** No response at all, or an error from a proxy that got none. */
function isAway(error: unknown): boolean {
  return ServerError.is(error) ? error.statusCode >= 500 : error instanceof TypeError
}

function createSignedOutLink(onSignedOut: () => void): ApolloLink {
  return new ErrorLink(({ error }) => {
    if (!CombinedGraphQLErrors.is(error)) return
    if (error.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) onSignedOut()
  })
}
