export interface PostgresState {
  port: number
  password: string
  keepRunning?: boolean
}
/** The embedded server's state, or undefined before the first set-up. */
export function readPostgresState(folder?: string): PostgresState | undefined
/** The connection string of the product's database: DATABASE_URL where set, else the embedded one's. Throws before the first set-up. */
export function databaseUrl(): string
/** The connection string of a database on the embedded server in `folder` (default: .studyhall). */
export function embeddedDatabaseUrl(options?: { folder?: string; database?: string }): string
