'use client'

import { useQuery } from '@apollo/client/react'
import { Alert, Button, Loader, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { CopyValue } from '../../design/copy-value.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { ShareLinksOfDocument } from '../../graphql/generated/operations.ts'
import type { ShareSubject } from './share-button.tsx'
import { ShareForm } from './share-form.tsx'
import { ShareLinksTable } from './share-links-table.tsx'

/** Makes a link to one thing, and lists those that are open. */
export function ShareDialog({ slug, subject }: { slug: string; subject: ShareSubject }) {
  const { data, error, refetch } = useQuery(ShareLinksOfDocument, {
    variables: { slug, of: subject.id },
    fetchPolicy: 'network-only',
  })
  const [url, setUrl] = useState<string | null>(null)
  const links = data?.team?.shareLinks ?? []
  return (
    <div className="flex flex-col gap-5">
      {url ? (
        <NewLink url={url} onMore={() => setUrl(null)} />
      ) : (
        <ShareForm subject={subject} onMade={setUrl} />
      )}
      <div className="flex flex-col gap-2">
        <Title order={3} size="sm">
          Open links
        </Title>
        {error && !data ? (
          <ErrorNotice title="The links could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Loader type="dots" size="sm" aria-label="Loading the links" />
        ) : links.length === 0 ? (
          <Text size="sm" c="dimmed">
            None. Nobody outside the team sees {subject.name}.
          </Text>
        ) : (
          <ShareLinksTable links={links} label={`Open links to ${subject.name}`} />
        )}
      </div>
    </div>
  )
}

function NewLink({ url, onMore }: { url: string; onMore: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <Alert variant="light" title="Copy the link now">
        It will not be shown again; only its hash is stored.
      </Alert>
      <TextInput
        label="Link"
        readOnly
        value={url}
        rightSection={<CopyValue value={url} label="Copy the link" />}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button variant="default" onClick={onMore}>
        Make another
      </Button>
    </div>
  )
}
