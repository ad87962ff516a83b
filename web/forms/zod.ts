import { config } from 'zod'

// The pages' security policy forbids code made from text, by which Zod would compile its checks: it would try, be
// refused and leave a violation in the console. So pages import this in its place, as `* as z`: the bundler leaves out
// what they do not use of that, and of Zod's own `z` nothing.
config({ jitless: true })

export * from 'zod'
