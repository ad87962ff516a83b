'use client'

import { Button } from '@mantine/core'
import { IconBell, IconBellFilled } from '@tabler/icons-react'
import { FollowRunDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../run-list/notify-problems.ts'

interface Props {
  run: { id: string; isFollowed: boolean }
  onChanged: () => void
}

/** Has one told, in the page and by mail, when a run ends. */
export function FollowRunButton({ run: { id, isFollowed }, onChanged }: Props) {
  const [follow, busy] = useMutationWithRetry(FollowRunDocument)
  const change = async () => {
    const answer = await follow({ input: { runId: id, follows: !isFollowed } })
    notifyProblems('Nobody is told', answer?.followRun.errors)
    onChanged()
  }
  return (
    <Button
      variant="default"
      leftSection={isFollowed ? <IconBellFilled size={16} /> : <IconBell size={16} />}
      loading={busy}
      aria-pressed={isFollowed}
      onClick={() => void change()}
    >
      {isFollowed ? 'You are told when it ends' : 'Tell me when it ends'}
    </Button>
  )
}
