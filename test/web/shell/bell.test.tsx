import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import axe from 'axe-core'
import { expect, it } from 'vitest'
import { Bell } from '../../../web/features/notices/bell.tsx'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

const NOTICE = {
  __typename: 'Notice',
  id: 'ntc_1',
  title: 'Run 12 failed',
  detail: 'The loss of <b>ada</b> is not finite.',
  path: '/lab/runs/12',
  inBrowser: true,
  createdAt: new Date().toISOString(),
  readAt: null,
  team: { __typename: 'Team', id: 'team_1', name: 'Lab' },
}

/** Colours and places need a browser. */
async function expectAccessible(): Promise<void> {
  const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } }
  const { violations } = await axe.run(document.body, { rules })
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))])).toEqual([])
}

it('tells how many are unread, lists them as typed, and marks one that is followed as read', async () => {
  let readAt: string | null = null
  const { client, asked } = createAnsweringClient((operation) => {
    if (operation === 'MarkNoticesRead') {
      readAt = new Date().toISOString()
      return { markNoticesRead: { __typename: 'MarkNoticesReadPayload', unread: 0, errors: [] } }
    }
    const notices = { __typename: 'NoticeConnection', nodes: [{ ...NOTICE, readAt }] }
    return { viewer: { __typename: 'Viewer', unreadNotices: readAt ? 0 : 1, notices } }
  })
  render(
    <Surroundings client={client}>
      <Bell unread={1} position="bottom-end" />
    </Surroundings>,
  )
  await expectAccessible()
  fireEvent.click(screen.getByRole('button', { name: 'Notices, 1 unread' }))
  const link = await screen.findByRole('link', { name: /^Unread: Run 12 failed/ })
  await expectAccessible()
  expect([link.getAttribute('href'), link.textContent]).toEqual([
    '/lab/runs/12',
    expect.stringContaining(NOTICE.detail),
  ])
  fireEvent.click(link)
  await waitFor(() => expect(asked).toContain('MarkNoticesRead'))
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Notices' })).toBeNull())
})
