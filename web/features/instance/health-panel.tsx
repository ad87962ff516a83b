import type { ReactNode } from 'react'
import { type Fact, Facts } from '../../design/facts.tsx'
import { countOf, formatBytes } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { Panel } from '../../design/panel.tsx'
import { StatusMark } from '../../design/status-mark.tsx'
import type { InstanceHealthQuery } from '../../graphql/generated/operations.ts'

type Health = NonNullable<InstanceHealthQuery['instance']>['health']

/** What the service stands on, and whether it answers. */
export function HealthPanel({ health }: { health: Health }) {
  const { database, queue, storage } = health
  const facts: Fact[] = [
    [
      'Database',
      <Part key="database" answers={database.answers}>
        {database.version && `PostgreSQL ${database.version}`}
        {database.byteLength !== null && `, ${formatBytes(database.byteLength)}`}
      </Part>,
    ],
    [
      'Queue',
      <Part key="queue" answers={queue.answers}>
        In {queue.kind}
        {queue.waiting !== null && `, ${countOf(queue.waiting, 'job')} waiting`}
      </Part>,
    ],
    [
      'Storage',
      <Part key="storage" answers={storage.answers}>
        {storage.kind} {storage.place}
        {storage.freeBytes !== null && `, ${formatBytes(storage.freeBytes)} free`}
      </Part>,
    ],
    [
      'Version',
      <span key="version" className="font-normal">
        Studyhall {health.version}, Node.js {health.nodeVersion}, started {formatInstant(health.startedAt)}
      </span>,
    ],
  ]
  return (
    <Panel title="Health">
      <Facts facts={facts} columns="sm:grid-cols-2" />
    </Panel>
  )
}

function Part({ answers, children }: { answers: boolean; children: ReactNode }) {
  return (
    <>
      <StatusMark tone={answers ? 'good' : 'bad'}>{answers ? 'Answers' : 'Does not answer'}</StatusMark>
      <span className="block font-normal break-words">{children}</span>
    </>
  )
}
