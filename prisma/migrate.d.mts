/**
 * Applies every pending migration, each in its own transaction, and returns their names. Safe to call from
 * several processes at once. Throws if an applied migration was edited, if one fails, and if the database
 * was made by a version before 0.2: the error's `code` is then OLDER_DATABASE, and nothing was changed.
 */
export function migrate(connectionString: string, options?: { folder?: string }): Promise<string[]>
/** Whether `migrate` would apply anything. */
export function hasPendingMigrations(
  connectionString: string,
  options?: { folder?: string },
): Promise<boolean>
