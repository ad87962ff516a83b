/** `npm run seed`: gives the product that runs a team to look at, by the API alone; what is there already stays. */
import { Command } from 'commander'
import { openOwnTeam } from './demo/own-team.ts'
import { showOnTerminal } from './demo/show-progress.ts'
import { findProduct } from './seed/find-product.ts'
import { type SeededTeam, seedTeam } from './seed/seed-team.ts'

const OWNER = { name: 'Seeded', email: 'seed@studyhall.example', keyName: 'npm run seed' }

async function main(): Promise<void> {
  const options = new Command('seed')
    .description('Gives the running product a team with datasets of both kinds and runs of every sort.')
    .option('--url <address>', 'of the product; the one that this checkout runs, if left out')
    .parse()
    .opts<{ url?: string }>()
  const { url, accountFile } = await findProduct(options.url)
  const progress = showOnTerminal()
  progress.say(`seeding ${url}`)
  const seeded = await openOwnTeam(url, accountFile, OWNER)
  const team = await seedTeam(seeded, progress.say).finally(() => progress.end())
  describeTeam(team)
  console.log(`
  ${url}/${seeded.team.slug}
  sign in as ${seeded.account.email}, password ${seeded.account.password}`)
}

function describeTeam({ datasets, runs }: SeededTeam): void {
  const say = (isNew: boolean, what: string) => console.log(`  ${isNew ? 'new     ' : 'as it is'}  ${what}`)
  console.log()
  for (const { name, isNew } of datasets) say(isNew, `dataset “${name}”`)
  for (const { number, status, isNew } of runs) say(isNew, `run ${number}: ${status.toLowerCase()}`)
  console.log('\n  The running one keeps its worker: pause or cancel it where another is to train.')
}

await main().catch((error: Error) => {
  console.error(`\n  ${error.message}`)
  process.exitCode = 1
})
