import { describe } from 'vitest'
import { lookAtEveryPage } from './every-page.ts'
import { makeFirstRun } from './first-run.ts'
import { sendLargeBodies } from './large-bodies.ts'
import { beginVisit } from './visit.ts'

// One product and one trained run serve both: starting and training take most of the time.
const visit = beginVisit()

describe('A newcomer', { timeout: 180_000 }, () => makeFirstRun(visit))
describe('A large body', { timeout: 60_000 }, () => sendLargeBodies(visit))
describe('Every page', { timeout: 60_000 }, () => lookAtEveryPage(visit))
