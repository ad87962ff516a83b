import path from 'node:path'
import { type OwnTeam, openOwnTeam } from '../../scripts/demo/own-team.ts'
import { productFromEnvironment } from './product.ts'

export const SEEDED = '/seeded'
/** Numbers of the runs of the seeded team; a test of its own holds them to it. */
export const RUN = { labels: 1, identities: 2, failed: 3, running: 4 }
export const EMPTY_TEAM = 'nothing-yet'

const OWNER = { name: 'Seeded', email: 'seed@studyhall.example', keyName: 'journeys' }

/** The team that `npm run seed` makes, whose account every process of the tests finds in the same file. */
export function openSeededTeam(): Promise<OwnTeam> {
  const { origin, log } = productFromEnvironment()
  return openOwnTeam(origin, path.join(path.dirname(log), 'seed-account.json'), OWNER)
}
