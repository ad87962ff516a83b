'use client'

import { useQuery } from '@apollo/client/react'
import { Anchor, Button, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import Link from 'next/link'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatAge } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import {
  MarkNoticesReadDocument,
  type NoticeRowFragment,
  NoticesDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

/** The newest notices; each leads to what it is about, and is read by that. */
export function NoticeList({ onLeave }: { onLeave: () => void }) {
  const { data, error, refetch } = useQuery(NoticesDocument, { fetchPolicy: 'cache-and-network' })
  const [markRead, busy] = useMutationWithRetry(MarkNoticesReadDocument, { refetchQueries: ['Notices'] })
  const notices = data?.viewer?.notices.nodes
  const hasUnread = notices?.some(({ readAt }) => readAt === null) ?? false
  const open = ({ id, readAt }: NoticeRowFragment) => {
    if (readAt === null) void markRead({ input: { noticeIds: [id] } })
    onLeave()
  }
  return (
    <>
      <div className="flex items-center justify-between gap-3 border-b border-[var(--line)] px-4 py-2">
        <Title order={2} size="h4">
          Notices
        </Title>
        {hasUnread && (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={busy}
            onClick={() => void markRead({ input: {} })}
          >
            Mark all as read
          </Button>
        )}
      </div>
      <div className="max-h-[min(60dvh,480px)] overflow-y-auto">
        {!notices ? (
          <NotLoaded
            title="The notices could not be loaded"
            error={error}
            onRetry={() => void refetch()}
            rows={3}
          />
        ) : notices.length === 0 ? (
          <EmptyState icon={<IconBell size={22} />} title="Nothing yet">
            Here you are told when your runs end and your datasets are ready.
          </EmptyState>
        ) : (
          <ul className="m-0 list-none p-0">
            {notices.map((notice) => (
              <li key={notice.id} className="border-b border-[var(--line)] last:border-b-0">
                <NoticeLink notice={notice} onOpen={() => open(notice)} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="border-t border-[var(--line)] px-4 py-2">
        <Anchor component={Link} href="/account#notices" size="sm" onClick={onLeave}>
          Choose what you are told
        </Anchor>
      </div>
    </>
  )
}

function NoticeLink({ notice, onOpen }: { notice: NoticeRowFragment; onOpen: () => void }) {
  const { title, detail, path, team, createdAt, readAt } = notice
  return (
    <Link
      href={path}
      onClick={onOpen}
      className="flex gap-3 px-4 py-3 text-inherit no-underline hover:bg-[var(--hover)]"
    >
      <span
        aria-hidden
        className={`mt-1.5 size-2 shrink-0 rounded-full ${readAt === null ? 'bg-[#4f7df3]' : 'bg-transparent'}`}
      />
      <span className="min-w-0 flex-1">
        <Text
          size="sm"
          fw={readAt === null ? 600 : 400}
          component="span"
          display="block"
          className="break-words"
        >
          {readAt === null && <VisuallyHidden>Unread: </VisuallyHidden>}
          {title}
        </Text>
        <Text size="sm" c="dimmed" component="span" lineClamp={2} className="break-words">
          {detail}
        </Text>
        <Text size="xs" c="dimmed" component="span" display="block" mt={2}>
          {team.name}, {formatAge(createdAt)}
        </Text>
      </span>
    </Link>
  )
}
