import { InMemoryCache } from '@apollo/client'
import { type DocumentNode, print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createSchema } from '../../../server/graphql/schema.ts'
import { createLimits, parseLimited, validateLimited } from '../../../server/graphql/transport/limits.ts'
import * as operations from '../../../web/graphql/generated/operations.ts'

const documents = Object.entries(operations).filter(
  (entry): entry is [string, DocumentNode & (typeof entry)[1]] =>
    (entry[1] as { kind?: string }).kind === 'Document' && !entry[0].endsWith('FragmentDoc'),
)
// Before it asks, the client has every thing name its type.
const client = new InMemoryCache()
const schema = createSchema()
const limits = createLimits({ showsSchema: false })

describe('what the pages ask', () => {
  it('is found', () => {
    expect(documents.length).toBeGreaterThan(50)
  })

  it.each(documents)('%s is within the limits of what one operation may be', (_, document) => {
    const asked = parseLimited(print(client.transformDocument(document)))
    expect(validateLimited(schema, asked, limits).map(({ message }) => message)).toEqual([])
  })
})
