/**
 * Applies every migration that the database has not seen, each in a transaction of its own, and returns their names.
 * Safe to call from several processes at once. Throws when an applied migration was edited or when one fails.
 */
export function migrate(connectionString: string, options?: { folder?: string }): Promise<string[]>
/** Whether `migrate` would do something. */
export function hasPendingMigrations(
  connectionString: string,
  options?: { folder?: string },
): Promise<boolean>
