/** Where the embedded PostgreSQL's programs and data lie, and who runs it. */
export interface PostgresPlace {
  /** Empty: as oneself. */
  identity: { uid?: number; gid?: number }
  programs: string
  /** Where the programs are to be copied from; undefined where they lie well. */
  source?: string
  data: string
}

/** Only looks: neither the programs' copy nor the data may exist yet. */
export function placePostgres(folder?: string): PostgresPlace
