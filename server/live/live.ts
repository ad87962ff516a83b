import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import { ListenClient } from '../../runs/listen.ts'
import { AccessWatch } from './access-watch.ts'
import { DatasetVersionFeed } from './dataset-version-feed.ts'
import type { LiveCounts } from './live-counts.ts'
import { NoticeFeed } from './notice-feed.ts'
import { RunFeed } from './run-feed.ts'
import { TeamFeed } from './team-feed.ts'
import { TeamRunsFeed } from './team-runs-feed.ts'

/** The feeds that turn database changes into subscription events. */
export interface Live {
  runs: RunFeed
  datasetVersions: DatasetVersionFeed
  teamRuns: TeamRunsFeed
  teams: TeamFeed
  notices: NoticeFeed
  /** Whoever dispatches team events is called when there may be some. */
  teamEvents: { onArrived: () => void }
  access: AccessWatch
  /** For metrics and benchmarks. */
  counts: LiveCounts
  close(): Promise<void>
}

export async function openLive(databaseUrl: string, database: Database, log: Logger): Promise<Live> {
  const counts: LiveCounts = { subscribers: 0, joined: 0, eventsRead: 0, eventsSent: 0 }
  const runs = new RunFeed(database, log, counts)
  const datasetVersions = new DatasetVersionFeed(database, log)
  const teamRuns = new TeamRunsFeed(database, log)
  const teams = new TeamFeed(database)
  const notices = new NoticeFeed(database)
  const teamEvents = { onArrived: () => {} }
  const listener = await ListenClient.open({
    databaseUrl,
    kinds: ['runEvent', 'datasetVersion', 'team', 'teamEvent', 'notice'],
    onNotification(notification) {
      if (notification.kind === 'datasetVersion') return datasetVersions.notify(notification.datasetVersionId)
      if (notification.kind === 'team') return teams.notify(notification.teamId)
      if (notification.kind === 'teamEvent') return teamEvents.onArrived()
      if (notification.kind === 'notice') return notices.notify(notification.userId)
      const { runId, seq } = notification
      runs.notify(runId)
      teamRuns.notify(runId, seq)
    },
    onListening() {
      runs.notifyAll()
      datasetVersions.notifyAll()
      teamRuns.notifyAll()
      teams.notifyAll()
      notices.notifyAll()
      teamEvents.onArrived()
    },
    log,
  })
  const access = new AccessWatch(database, log)
  return {
    runs,
    datasetVersions,
    teamRuns,
    teams,
    notices,
    teamEvents,
    access,
    counts,
    async close() {
      access.close()
      await listener.close()
    },
  }
}
