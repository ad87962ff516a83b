import { type GraphQLInterfaceType, type GraphQLObjectType, getNamedType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { KEY_SCOPES } from '../../../contract/key-scopes.ts'
import { createSchema } from '../../../server/graphql/schema.ts'
import { makeKey } from '../make-key.ts'
import { share } from '../sharing/sharing.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertEverything, type TeamIdType } from './everything.ts'
import { type AskedField, fieldsOf, findWays, typesWithoutWay, type Way } from './field-ways.ts'
import { typeNamed } from './made-inputs.ts'

const RANKS = ['NOBODY', 'STRANGER', 'VIEWER', 'MEMBER', 'ADMIN', 'OWNER', 'ADMINISTRATOR'] as const
type Rank = (typeof RANKS)[number]

/** Who at least is shown a field, and whatever it leads to; of all others, a team’s are its VIEWERs’. */
const LEAST: Record<string, Rank> = {
  'Team.apiKeys': 'ADMIN',
  'Team.serviceAccounts': 'ADMIN',
  'Team.invitations': 'ADMIN',
  'Team.shareLinks': 'ADMIN',
  'Team.webhooks': 'ADMIN',
  'Team.auditEvents': 'ADMIN',
}
