import { readFile } from 'node:fs/promises'
import { Router } from 'express'
import { requireActor } from '../access/actor.ts'
import type { Identify } from '../access/identify.ts'
import { notFound } from '../errors.ts'

const SCHEMA = new URL('../../schema.graphql', import.meta.url)

/** /schema.graphql: the API's schema with its descriptions, to whoever is signed in. */
export function createSchemaRoute({ showsSchema }: { showsSchema: boolean }, identify: Identify): Router {
  const router = Router()
  router.get('/', async ({ headers }, response) => {
    if (!showsSchema) throw notFound('page')
    requireActor(await identify(headers))
    response.type('application/graphql').send(await readFile(SCHEMA, 'utf8'))
  })
  return router
}
