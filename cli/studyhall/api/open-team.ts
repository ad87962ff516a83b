import { CommandError } from '../outcome.ts'
import type { Surroundings } from '../surroundings.ts'
import { ApiClient } from './client.ts'
import { ViewerDocument } from './generated/operations.ts'
import { findKey } from './stored-key.ts'

/** The one team that a key reaches, and what speaks to the API for it. */
export interface TeamClient {
  api: ApiClient
  team: { id: string; slug: string; name: string }
}

export async function openTeam({ env }: Pick<Surroundings, 'env'>): Promise<TeamClient> {
  const { url, key } = await findKey(env)
  return openTeamByKey(url, key)
}

export async function openTeamByKey(url: string, key: string): Promise<TeamClient> {
  const api = new ApiClient(url, { authorization: `Bearer ${key}` })
  const { viewer } = await api.ask(ViewerDocument)
  const team = viewer?.teams[0]
  if (!team) throw new CommandError('notPermitted', 'The API key reaches no team: its maker has left it.')
  return { api, team }
}

/** Where a person sees it: `/runs/3`. */
export function pageUrl({ api, team }: TeamClient, path = ''): string {
  return `${api.origin}/${team.slug}${path}`
}
