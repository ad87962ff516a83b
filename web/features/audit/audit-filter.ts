'use client'

import { useMemo } from 'react'
import { startOfDay } from '../../../contract/account/time-zone.ts'
import { type AuditAction, isAuditAction } from '../../../contract/audit/actions.ts'
import { timeZoneInUse } from '../../design/time-zone.ts'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import type { AuditFilter, AuditOutcome } from '../../graphql/generated/operations.ts'

const OUTCOMES: readonly string[] = ['DONE', 'REFUSED', 'FAILED'] satisfies AuditOutcome[]
const DATE = /^\d{4}-\d{2}-\d{2}$/

export type AuditFilterState = ReturnType<typeof useAuditFilter>

/** Kept in the URL, so that a link leads to the same rows. What means nothing there filters nothing. */
export function useAuditFilter() {
  const [actor, setActor] = useUrlParameter('actor')
  const [action, setAction] = useUrlParameter('action')
  const [subject, setSubject] = useUrlParameter('subject')
  const [outcome, setOutcome] = useUrlParameter('outcome')
  const [from, setFrom] = useUrlParameter('from')
  const [to, setTo] = useUrlParameter('to')
  const filter = useMemo(
    () => readFilter({ actor, action, subject, outcome, from, to }),
    [actor, action, subject, outcome, from, to],
  )
  return {
    filter,
    ...{ actor, action, subject, outcome, from, to },
    ...{ setActor, setAction, setSubject, setOutcome, setFrom, setTo },
    isEmpty: Object.keys(filter).length === 0,
    clear: () => {
      for (const set of [setActor, setAction, setSubject, setOutcome, setFrom, setTo]) set(null)
    },
  }
}

type Given = Record<'actor' | 'action' | 'subject' | 'outcome' | 'from' | 'to', string | null>

/** The API's filter; days are the reader's own, from midnight to midnight. */
export function readFilter({ actor, action, subject, outcome, from, to }: Given): AuditFilter {
  const first = dayOf(from)
  const last = dayOf(to, 1)
  return {
    ...(actor && { actorId: actor.slice(0, 64) }),
    ...(action && isAuditAction(action) && { actions: [action satisfies AuditAction] }),
    ...(subject && { subjectId: subject.slice(0, 64) }),
    ...(outcome && OUTCOMES.includes(outcome) && { outcome: outcome as AuditOutcome }),
    ...(first && { from: first.toISOString() }),
    ...(last && { to: last.toISOString() }),
  }
}

function dayOf(text: string | null, daysLater = 0): Date | null {
  if (!text || !DATE.test(text)) return null
  const day = startOfDay(text, timeZoneInUse(), daysLater)
  return Number.isNaN(day.getTime()) ? null : day
}

/** Where the filtered log lies as a file. @param place  a team’s id, or `instance` */
export function fileOf(place: string, extension: 'csv' | 'jsonl', filter: AuditFilter): string {
  const { actions, ...others } = filter
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...others, actions: actions?.join(',') }))
    if (typeof value === 'string') search.set(name, value)
  return `/files/audit/${place}.${extension}${search.size > 0 ? `?${search}` : ''}`
}
