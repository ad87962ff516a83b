import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ApiClient } from '../../cli/studyhall/api/client.ts'
import { ViewerDocument } from '../../cli/studyhall/api/generated/operations.ts'
import type { TeamClient } from '../../cli/studyhall/api/open-team.ts'
import { signUpOrIn } from './sign-up.ts'

interface Account {
  name: string
  email: string
  password: string
  apiKey?: string
}

export interface OwnTeam extends TeamClient {
  account: Account
}

/** Who a command signs up as. */
export interface Owner {
  name: string
  email: string
  /** What the account’s API key is called. */
  keyName: string
}

/** A command’s own account, made on the first call: a random password and an API key in a file that only its owner reads. */
export async function openOwnTeam(origin: string, file: string, owner: Owner): Promise<OwnTeam> {
  const account = await readAccount(file, owner)
  let api = account.apiKey ? new ApiClient(origin, { authorization: `Bearer ${account.apiKey}` }) : null
  let team = api && (await firstTeam(api))
  if (!api || !team) {
    const session = await signUpOrIn(origin, account)
    team = await firstTeam(session)
    if (!team) throw new Error(`The account ${account.email} has no team.`)
    account.apiKey = await createApiKey(session, team.id, owner.keyName)
    await writeAccount(file, account)
    api = new ApiClient(origin, { authorization: `Bearer ${account.apiKey}` })
  }
  return { api, account, team }
}

async function readAccount(file: string, { name, email }: Owner): Promise<Account> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Account
  } catch {
    const account = { name, email, password: randomBytes(12).toString('base64url') }
    // Kept before it is used, so that a command cut off after the sign-up can sign in next time.
    await writeAccount(file, account)
    return account
  }
}

async function writeAccount(file: string, account: Account): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify(account), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function firstTeam(api: ApiClient): Promise<OwnTeam['team'] | null> {
  const { viewer } = await api.ask(ViewerDocument)
  return viewer?.teams[0] ?? null
}

async function createApiKey(session: ApiClient, teamId: string, name: string): Promise<string> {
  const { createApiKey } = await session.ask<{ createApiKey: { secret: string } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret errors { message } } }`,
    { input: { teamId, name, expiresInDays: 365 } },
  )
  return createApiKey.secret
}
