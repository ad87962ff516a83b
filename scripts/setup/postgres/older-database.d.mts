/** What was found and what to do about it, or undefined for any other error than `migrate`'s about an older database. */
export function explainOlderDatabase(
  error: unknown,
  database?: { isEmbedded?: boolean; data?: string },
): string | undefined
