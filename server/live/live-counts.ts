/** Counters of the live feeds. */
export interface LiveCounts {
  /** Open streams. */
  subscribers: number
  /** Run events read from the database. */
  eventsRead: number
  /** Run events sent to subscribers. */
  eventsSent: number
}
