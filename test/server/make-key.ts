import type { Person } from './test-server.ts'

/** An API key of the person’s own team. */
export async function makeKey({ api, teamId }: Person): Promise<string> {
  const { secret } = await api.mutate('createApiKey', { teamId, name: 'a terminal' }, 'secret')
  return secret
}
