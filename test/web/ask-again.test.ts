import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { afterEach, expect, it } from 'vitest'
import { createRetryLink } from '../../web/graphql/client.ts'

const QUERY = gql`query { answer }`
const MUTATION = gql`mutation { answer }`
let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type Answer = (response: ServerResponse) => void
const good: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"answer":42}}')
}
const proxyError: Answer = (response) => void response.writeHead(500).end('Internal Server Error')
const cut: Answer = (response) => void response.socket!.destroy()
const refusal: Answer = (response) => {
  response.writeHead(400, { 'content-type': 'application/json' }).end('{"errors":[{"message":"no"}]}')
}

/** A page's client, of a server that gives these answers one after the other, the last one again and again. */
async function clientOf(answers: Answer[]) {
  let asked = 0
  server = createServer((_, response) => answers[Math.min(asked++, answers.length - 1)]!(response))
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const link = ApolloLink.from([createRetryLink(), new HttpLink({ uri })])
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  return { client, timesAsked: () => asked }
}

it('a query is asked again where the way to the server broke, and answered', async () => {
  const { client, timesAsked } = await clientOf([cut, proxyError, good])
  expect((await client.query({ query: QUERY })).data).toEqual({ answer: 42 })
  expect(timesAsked()).toBe(3)
})

it('a query that is refused is not asked again', async () => {
  const { client, timesAsked } = await clientOf([refusal])
  await expect(client.query({ query: QUERY })).rejects.toThrow()
  expect(timesAsked()).toBe(1)
})

it.each([
  ['the way to the server broke', cut],
  ['a proxy had no answer', proxyError],
])('a mutation is sent once, also where %s', async (_, answer) => {
  const { client, timesAsked } = await clientOf([answer, good])
  await expect(client.mutate({ mutation: MUTATION })).rejects.toThrow()
  expect(timesAsked()).toBe(1)
})
