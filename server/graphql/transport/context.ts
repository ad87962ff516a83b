import type { Actor } from '../../access/actor.ts'
import type { Live } from '../../live/live.ts'
import type { Services } from '../../services.ts'
import type { Loaders } from '../loaders.ts'

/** What every resolver gets: who asks, and what to answer with. Made anew for every operation. */
export interface Context {
  actor: Actor | null
  services: Services
  live: Live
  loaders: Loaders
}
