/**
 * Applies every migration that the database has not seen, each in a transaction of its own, and returns their names.
 * Safe to call from several processes at once. Throws when an applied migration was edited, when one fails, and when the
 * database is one of a version before 0.2: the error's `code` is OLDER_DATABASE then, and nothing was changed.
 */
export function migrate(connectionString: string, options?: { folder?: string }): Promise<string[]>
/** Whether `migrate` would do something. */
export function hasPendingMigrations(
  connectionString: string,
  options?: { folder?: string },
): Promise<boolean>
