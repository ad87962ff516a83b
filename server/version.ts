import { readFileSync } from 'node:fs'

/** Of the service, from the checkout or from what was built in it: both lie one folder below. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version
