/** Counters of the live feeds. */
export interface LiveCounts {
  /** Open streams. */
  subscribers: number
  /** Those of them that have read what was recorded, and wait for what comes. */
  joined: number
  /** Run events read from the database. */
  eventsRead: number
  /** Run events sent to subscribers. */
  eventsSent: number
}
