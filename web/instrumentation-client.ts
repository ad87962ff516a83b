import { config } from 'zod/v4/core'

// The pages' security policy forbids code made from text, by which Zod would compile its checks: it would try, be
// refused and leave a violation in the console.
config({ jitless: true })
