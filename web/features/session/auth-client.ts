import { createAuthClient } from 'better-auth/react'

/** Signs people up, in and out under /api/auth of this origin. */
export const authClient = createAuthClient()
