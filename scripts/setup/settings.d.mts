/** The checkout's folder, absolute. */
export const root: string
/** Everything the set-up makes and keeps for this checkout (.studyhall, or STUDYHALL_HOME), absolute. */
export const home: string
/** DATABASE_URL, or undefined where the embedded PostgreSQL is used. */
export const externalDatabaseUrl: string | undefined
