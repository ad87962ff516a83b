import path from 'node:path'
import { developmentFolder, findRunningInstance } from '../setup/running-instance.mjs'
import { home } from '../setup/settings.mjs'

export interface FoundProduct {
  /** Its pages' origin, through which the API answers, too. */
  url: string
  /** Where the account of the seeded team is kept: of this checkout, or of the product that was named. */
  accountFile: string
}

/** The product that this checkout runs, or the one at the address that is named. Throws where there is none. */
export async function findProduct(named?: string): Promise<FoundProduct> {
  const own = [await findRunningInstance(), await findRunningInstance(developmentFolder)].flatMap((found) =>
    found ? [new URL(found.webUrl).origin] : [],
  )
  const url = named === undefined ? own[0] : originOf(named)
  if (!url)
    throw new Error(
      'Nothing runs that could be seeded: start it by `npm start` or `npm run dev` in another terminal, or name its address by --url.',
    )
  const name = own.includes(url) ? 'seed' : `seed-${new URL(url).host.replace(':', '-')}`
  return { url, accountFile: path.join(home, `${name}-account.json`) }
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error(`--url ${address} is no address: it looks like http://localhost:3000.`)
  return url.origin
}
