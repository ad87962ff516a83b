'use client'

import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconShare } from '@tabler/icons-react'
import { ShareDialog } from './share-dialog.tsx'

export interface ShareSubject {
  id: string
  /** In words: `run 12`. */
  name: string
  /** Whether it has files that could be downloaded. */
  hasFiles?: boolean
}

/** Opens the dialog in which links to a thing are made and revoked. */
export function ShareButton({ slug, subject }: { slug: string; subject: ShareSubject }) {
  const open = () =>
    modals.open({
      modalId: 'share',
      title: `Share ${subject.name}`,
      size: 'lg',
      children: <ShareDialog slug={slug} subject={subject} />,
    })
  return (
    <Button variant="default" leftSection={<IconShare size={16} />} onClick={open}>
      Share
    </Button>
  )
}
