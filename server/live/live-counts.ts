/** What the server counts while it works. */
export interface LiveCounts {
  /** Streams that somebody listens to. */
  subscribers: number
  /** Events of runs that were read for them. */
  eventsRead: number
  /** Events that were handed to them. */
  eventsSent: number
}
