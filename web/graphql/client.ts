import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
  ServerError,
} from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { RetryLink } from '@apollo/client/link/retry'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import interfaces from './generated/possible-types.ts'

/** The one Apollo client of the page: queries over HTTP, subscriptions over one WebSocket, cookies on both. */
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

/** A subscription that breaks off ends with an error: whoever wants to go on knows best from where (use-live.ts). */
function createSocketLink(): GraphQLWsLink {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
  return new GraphQLWsLink(
    createClient({ url, lazy: true, lazyCloseTimeout: 5_000, retryAttempts: 0, keepAlive: 15_000 }),
  )
}

/**
 * Asks again for what could only be read while the server is started anew or the way to it breaks: five times within some
 * six seconds. What changes something is never sent twice.
 */
export function createRetryLink(): RetryLink {
  return new RetryLink({
    delay: { initial: 250, max: 2_000, jitter: false },
    attempts: (count, { operationType }, error) =>
      count <= 5 && operationType === OperationTypeNode.QUERY && isAway(error),
  })
}

/** No answer at all, or one of a proxy that got none. */
function isAway(error: unknown): boolean {
  return ServerError.is(error) ? error.statusCode >= 500 : error instanceof TypeError
}

function createSignedOutLink(onSignedOut: () => void): ApolloLink {
  return new ErrorLink(({ error }) => {
    if (!CombinedGraphQLErrors.is(error)) return
    if (error.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) onSignedOut()
  })
}

function createCache(): InMemoryCache {
  const pages = relayStylePagination(['first'])
  return new InMemoryCache({
    possibleTypes: interfaces.possibleTypes,
    typePolicies: {
      Viewer: { keyFields: [] },
      Team: {
        fields: {
          datasets: pages,
          cohorts: pages,
          models: pages,
          registry: relayStylePagination(['first', 'filter']),
          runs: relayStylePagination(['first', 'statuses', 'cohortId']),
        },
      },
      Run: { fields: { retrievalQueries: relayStylePagination(['student', 'orderBy']) } },
      // Parts without an id of their own: a query for some of their fields adds to the others.
      RunProgress: { merge: true },
      ImportReport: { merge: true },
    },
  })
}
