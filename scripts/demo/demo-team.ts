import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ApiClient, signUpOrIn } from './api-client.ts'

interface Account {
  name: string
  email: string
  password: string
  apiKey?: string
}

export interface DemoTeam {
  api: ApiClient
  account: Account
  team: { id: string; slug: string }
}

/** The demo’s own account, made on the first call: a random password and an API key in a file that only its owner reads. */
export async function openDemoTeam(origin: string, home: string): Promise<DemoTeam> {
  const file = path.join(home, 'demo-account.json')
  const account = await readAccount(file)
  let api = account.apiKey ? new ApiClient(origin, { authorization: `Bearer ${account.apiKey}` }) : null
  let team = api && (await firstTeam(api))
  if (!api || !team) {
    const session = await signUpOrIn(origin, account)
    team = await firstTeam(session)
    if (!team) throw new Error('The demo’s account has no team.')
    account.apiKey = await createApiKey(session, team.id)
    await writeAccount(file, account)
    api = new ApiClient(origin, { authorization: `Bearer ${account.apiKey}` })
  }
  return { api, account, team }
}

async function readAccount(file: string): Promise<Account> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Account
  } catch {
    const account = {
      name: 'Demo',
      email: 'demo@studyhall.example',
      password: randomBytes(12).toString('base64url'),
    }
    // Kept before it is used, so that a demo cut off after the sign-up can sign in next time.
    await writeAccount(file, account)
    return account
  }
}

async function writeAccount(file: string, account: Account): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(account), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function firstTeam(api: ApiClient): Promise<DemoTeam['team'] | null> {
  const { viewer } = await api.ask<{ viewer: { teams: DemoTeam['team'][] } | null }>(
    '{ viewer { teams { id slug } } }',
  )
  return viewer?.teams[0] ?? null
}

async function createApiKey(session: ApiClient, teamId: string): Promise<string> {
  const { createApiKey } = await session.ask<{ createApiKey: { secret: string } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret errors { message } } }`,
    { input: { teamId, name: 'npm run demo', expiresInDays: 365 } },
  )
  return createApiKey.secret
}
