'use client'

import { useQuery } from '@apollo/client/react'
import { ActionIcon, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import Link from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { readRunView } from '../../../../contract/runs/run-view.ts'
import { LASTING_PARAMETERS } from '../../../charts/chart-settings.ts'
import { RunNeighboursDocument } from '../../../graphql/generated/operations.ts'
import { useTeam } from '../../../team-scope.ts'
import { filterOf } from '../../run-table/use-run-view.ts'

/** The runs before and after this one in the list that it was opened from, on the tab that is shown. */
export function RunNeighbours({ number }: { number: number }) {
  const { team, base } = useTeam()
  const router = useRouter()
  const parameters = useSearchParams()
  const view = readRunView(new URLSearchParams(parameters.get('list') ?? ''))
  const { data } = useQuery(RunNeighboursDocument, {
    variables: {
      slug: team.slug,
      number,
      ...filterOf(view),
      orderBy: { column: view.order.column, descending: view.order.isDescending },
    },
    fetchPolicy: 'cache-and-network',
  })
  const beside = data?.team?.runNeighbours
  const search = new URLSearchParams()
  for (const name of ['tab', 'list', ...LASTING_PARAMETERS])
    for (const value of parameters.getAll(name)) search.append(name, value)
  const hrefOf = (run: { number: number } | null | undefined) =>
    run ? `${base}/runs/${run.number}${search.size > 0 ? `?${search}` : ''}` : null
  const previous = hrefOf(beside?.previous)
  const next = hrefOf(beside?.next)
  useHotkeys([
    ['J', () => next && router.push(next)],
    ['K', () => previous && router.push(previous)],
  ])
  return (
    <div className="flex">
      <Step href={previous} label="Previous run of the list (K)" icon={<IconChevronLeft size={18} />} />
      <Step href={next} label="Next run of the list (J)" icon={<IconChevronRight size={18} />} />
    </div>
  )
}

function Step({ href, label, icon }: { href: string | null; label: string; icon: React.ReactNode }) {
  if (!href)
    return (
      <ActionIcon size={36} aria-label={label} disabled>
        {icon}
      </ActionIcon>
    )
  return (
    <Tooltip label={label}>
      <ActionIcon component={Link} href={href} size={36} aria-label={label}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
