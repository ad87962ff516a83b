import { inferAdditionalFields, twoFactorClient } from 'better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

/** Signs people up, in and out, and changes their accounts, under /api/auth of this origin. */
export const authClient = createAuthClient({
  plugins: [
    twoFactorClient(),
    inferAdditionalFields({ user: { timeZone: { type: 'string', required: false } } }),
  ],
})
