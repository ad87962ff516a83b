import { config } from 'zod'

// The pages' security policy forbids code made from text, by which Zod would compile its checks: it would try, be
// refused and leave a violation in the console. So whoever checks with the contract's schemas here imports this `z`.
config({ jitless: true })

export { z } from 'zod'
