import type { Actor } from '../../access/actor.ts'
import type { Origin } from '../../audit/events.ts'
import type { Live } from '../../live/live.ts'
import type { Services } from '../../services.ts'
import type { Loaders } from '../loaders.ts'
import type { Budget } from './request-budget.ts'

/** What every resolver gets: who asks, and what to answer with. Made anew for every operation. */
export interface Context {
  actor: Actor | null
  /** Where the request came from, for the audit log. */
  origin: Origin
  /** What the operation has cost whoever asks, and what is left; null until that is known. */
  budget: Budget | null
  services: Services
  live: Live
  loaders: Loaders
}
