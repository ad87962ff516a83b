import { signInByDevice } from '../api/device-sign-in.ts'
import { openTeamByKey } from '../api/open-team.ts'
import { findUrl, forgetKey, storeKey } from '../api/stored-key.ts'
import { usageError } from '../outcome.ts'
import { JSON_OPTION, type Register } from './context.ts'
import { openInBrowser } from './open.ts'

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
    .command('login')
    .description(
      'has you confirm a code in a browser, here or elsewhere, and stores the API key that comes of it',
    )
    .option('--url <address>', 'of Studyhall, as in the browser; STUDYHALL_URL if left out')
    .option('--no-browser', 'print the address and open nothing')
    .action(async ({ url: given, browser }: { url?: string; browser: boolean }) => {
      const { env, tell, signal, isTerminal } = surroundings
      const url = await findUrl({ ...env, ...(given && { STUDYHALL_URL: given }) })
      const key = await signInByDevice(
        url,
        (shown) => {
          tell(
            `  Open ${shown.url}\n  and confirm that the code there is ${shown.code}. It is good for ten minutes.\n`,
          )
          // Over ssh a browser would open where nobody sits.
          if (browser && isTerminal && !env.SSH_CONNECTION) openInBrowser(shown.url)
        },
        signal,
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
