/** What an API key may do. Every key reads; the others are given one by one. */
export const KEY_SCOPES = ['READ', 'RUN', 'UPLOAD', 'ADMIN'] as const

export type KeyScope = (typeof KEY_SCOPES)[number]

/** Of a key for which nothing else was chosen. */
export const USUAL_SCOPES: readonly KeyScope[] = ['READ', 'RUN', 'UPLOAD']

/** Which are of use to a service account, by its role. */
export const SCOPES_OF: Record<'VIEWER' | 'MEMBER' | 'ADMIN' | 'OWNER', readonly KeyScope[]> = {
  VIEWER: ['READ'],
  MEMBER: USUAL_SCOPES,
  ADMIN: KEY_SCOPES,
  OWNER: KEY_SCOPES,
}

/** For the pages: what each scope lets a script do. */
export const SCOPE_WORDS: Record<KeyScope, { title: string; note: string }> = {
  READ: { title: 'Read', note: 'Look at everything in the team, and download it. Every key may.' },
  RUN: { title: 'Run', note: 'Cohorts, runs and experiments: start, change and end them; export models.' },
  UPLOAD: { title: 'Upload', note: 'Upload images, and make, edit and delete datasets.' },
  ADMIN: { title: 'Administer', note: 'Invite and remove members, change their roles, revoke keys.' },
}
