import { act, fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, it, vi } from 'vitest'
import { readRunView } from '../../../contract/runs/run-view.ts'
import { ViewBar } from '../../../web/features/run-table/view-bar.tsx'
import { TeamContext } from '../../../web/team-scope.ts'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

const team = { id: 'team_1', slug: 'lab', name: 'Lab', viewerRole: 'MEMBER' as const, deletionDueAt: null }

function Bar() {
  const [view, setView] = useState(readRunView(new URLSearchParams()))
  const change = (next: Partial<typeof view>) => setView((before) => ({ ...before, ...next }))
  const shown = { view, search: '', saved: null, savedViews: [], change, open: () => {} }
  return <ViewBar shown={shown} />
}

it('leaves a space that was typed last in the search, for the word after it', () => {
  vi.useFakeTimers()
  render(
    <Surroundings client={createAnsweringClient(() => ({})).client}>
      <TeamContext value={{ team, base: '/lab', mayChange: true, mayAdminister: false }}>
        <Bar />
      </TeamContext>
    </Surroundings>,
  )
  const box = screen.getByLabelText<HTMLInputElement>('Search runs')
  fireEvent.change(box, { target: { value: 'two ' } })
  act(() => void vi.advanceTimersByTime(500))
  expect(box.value).toBe('two ')
  vi.useRealTimers()
})
