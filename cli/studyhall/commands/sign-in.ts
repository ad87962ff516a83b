import { openTeamByKey } from '../api/open-team.ts'
import { findUrl, forgetKey, storeKey } from '../api/stored-key.ts'
import { usageError } from '../outcome.ts'
import { JSON_OPTION, type Register } from './context.ts'

export const registerSignIn: Register = (program, { open, surroundings, result }) => {
  program
    .command('sign-in')
    .description('stores an API key, piped in or in STUDYHALL_KEY, for the commands that follow')
    .option('--url <address>', 'of Studyhall, as in the browser; STUDYHALL_URL if left out')
    .action(async ({ url: given }: { url?: string }) => {
      const { env, tell } = surroundings
      const url = await findUrl({ ...env, ...(given && { STUDYHALL_URL: given }) })
      const key = env.STUDYHALL_KEY || (await surroundings.readInput?.())?.trim()
      if (!key)
        throw usageError(
          `Make a key at ${url} under Settings, then: studyhall sign-in --url ${url} < file-with-the-key`,
        )
      const { team } = await openTeamByKey(url, key)
      tell(`  Signed in to the team “${team.name}”; the key is in ${await storeKey(env, { url, key })}.\n`)
    })

  program
    .command('sign-out')
    .description('forgets the stored key; it stays good until it is revoked under Settings')
    .action(() => forgetKey(surroundings.env))

  program
    .command('whoami')
    .description('says which team the key reaches')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const { api, team } = await open()
      result(json, { url: api.origin, team }, `${team.name} (${team.slug}) at ${api.origin}\n`)
    })
}
