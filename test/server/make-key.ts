import type { KeyScope } from '../../contract/key-scopes.ts'
import type { Person } from './test-server.ts'

/** An API key of the person’s own team, with the usual scopes where none are given. */
export async function makeKey({ api, teamId }: Person, scopes?: KeyScope[]): Promise<string> {
  const { secret } = await api.mutate('createApiKey', { teamId, name: 'a terminal', scopes }, 'secret')
  return secret
}
