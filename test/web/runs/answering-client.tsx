import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'

type Answer = object | Error

/** A page's client of a server that answers as told, and what it was asked. */
export function createAnsweringClient(
  answer: (operation: string, variables: Record<string, unknown>) => Answer,
) {
  const asked: string[] = []
  const link = new ApolloLink(({ operationName = '', variables }) => {
    asked.push(operationName)
    const given = answer(operationName, variables)
    return new Observable((observer) => {
      if (given instanceof Error) return observer.error(given)
      observer.next({ data: given })
      observer.complete()
    })
  })
  return { client: new ApolloClient({ link, cache: new InMemoryCache() }), asked }
}

/** What every page of the product stands in. */
export function Surroundings({ client, children }: { client: ApolloClient; children: ReactNode }) {
  return (
    <ApolloProvider client={client}>
      <MantineProvider env="test">{children}</MantineProvider>
    </ApolloProvider>
  )
}
