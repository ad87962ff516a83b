import { type APIRequestContext, expect } from '@playwright/test'
import { productFromEnvironment } from './product.ts'

/** Who makes the first run. */
export const ADA = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }

/** Without the form; the cookies stay with the requests, and with the page that they belong to. */
export async function signIn(
  request: APIRequestContext,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const data = { email, password }
  const response = await request.post('/api/auth/sign-in/email', { data })
  expect(response.ok(), await response.text()).toBe(true)
}

/** Asks the API as the person who is signed in. */
export async function ask<Data>(
  request: APIRequestContext,
  query: string,
  variables: object = {},
): Promise<Data> {
  const headers = { origin: productFromEnvironment().origin }
  const response = await request.post('/graphql', { headers, data: { query, variables } })
  return ((await response.json()) as { data: Data }).data
}
