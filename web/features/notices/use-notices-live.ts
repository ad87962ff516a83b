import { useApolloClient } from '@apollo/client/react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { type NoticeRowFragment, NoticesChangedDocument } from '../../graphql/generated/operations.ts'
import { useLive } from '../../graphql/use-live.ts'
import { mayNotify } from './browser-permission.ts'

/** How many notices are unread, kept up to date; what arrives is shown by the browser, too, where it may. */
export function useNoticesLive(): number {
  const client = useApolloClient()
  const router = useRouter()
  const [unread, setUnread] = useState(0)
  useLive(NoticesChangedDocument, 'notices', {
    variables: () => ({}),
    onData: ({ noticesChanged }) => {
      setUnread(noticesChanged.unread)
      for (const query of client.getObservableQueries('active'))
        if (query.queryName === 'Notices') void query.refetch().catch(() => {})
      for (const notice of noticesChanged.arrived)
        if (notice.inBrowser) showInBrowser(notice, (path) => router.push(path))
    },
  })
  return unread
}

/** One tag for one notice: several open pages show it once. */
function showInBrowser({ id, title, detail, path }: NoticeRowFragment, open: (path: string) => void): void {
  if (!mayNotify()) return
  const shown = makeNotification(title, { body: detail, tag: id })
  if (!shown) return
  shown.onclick = () => {
    window.focus()
    shown.close()
    open(path)
  }
}

/** Chrome on Android has the constructor and throws: there only what is pushed is shown. */
function makeNotification(...given: ConstructorParameters<typeof Notification>): Notification | null {
  try {
    return new Notification(...given)
  } catch {
    return null
  }
}
