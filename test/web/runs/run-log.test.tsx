import { fireEvent, render, screen } from '@testing-library/react'
import { SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime'
import { beforeAll, expect, it, vi } from 'vitest'
import { applyEvent, type LiveEvent, openFeed } from '../../../web/features/runs/live/run-feed.ts'
import { RunLog } from '../../../web/features/runs/log/run-log.tsx'
import { createAnsweringClient, Surroundings } from './answering-client.tsx'
import { logEvent, pageRun, statusEvent } from './page-run.ts'

// Without a layout nothing would be in sight of the box that scrolls.
beforeAll(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
})

/** The tab of a run that has said nothing, at an address, and a way to have events come. */
function openLog(search = '') {
  const { client, asked } = createAnsweringClient(() => new TypeError('Failed to fetch'))
  let feed = openFeed(pageRun())
  const tab = () => (
    <SearchParamsContext value={new URLSearchParams(search)}>
      <Surroundings client={client}>
        <RunLog feed={feed} />
      </Surroundings>
    </SearchParamsContext>
  )
  const { rerender } = render(tab())
  const come = (...events: LiveEvent[]) => {
    feed = events.reduce(applyEvent, feed)
    rerender(tab())
  }
  const texts = () =>
    [...document.querySelectorAll('[role=log] .mantine-Highlight-root')].map((line) => line.textContent)
  return { come, texts, asked }
}

const started = statusEvent(1, { status: 'STARTING', phase: 'LOADING' })
const warning = logEvent(2, 'slow disk', { level: 'WARN', source: 'WORKER' })
const told = logEvent(3, 'Label noise: 20 of 100')
const broken = logEvent(4, 'out of memory', { level: 'ERROR', source: 'TENSORFLOW' })

it('shows each line as it comes, and asks the server for none', () => {
  const { come, texts, asked } = openLog()
  screen.getByText('No log lines yet')
  come(started)
  come(warning, told)
  expect(texts()).toEqual(['Starting, loading images', 'slow disk', 'Label noise: 20 of 100'])
  screen.getByText('3 lines')
  expect(asked).toEqual([])
})

it('keeps the filter of its address for the lines that come', () => {
  const { come, texts } = openLog('level=WARN')
  come(started, warning)
  expect(texts()).toEqual(['slow disk'])
  come(told, broken)
  expect(texts()).toEqual(['slow disk', 'out of memory'])
  screen.getByText('2 of 4 lines')
})

it('finds words in the lines that come, and says where there are none', () => {
  const { come, texts } = openLog('source=TENSORFLOW')
  come(started, warning, told)
  screen.getByText('No such lines')
  come(broken)
  expect(texts()).toEqual(['out of memory'])
  fireEvent.change(screen.getByLabelText('Find'), { target: { value: 'MEMORY' } })
  expect(texts()).toEqual(['out of memory'])
  fireEvent.change(screen.getByLabelText('Find'), { target: { value: 'disk' } })
  screen.getByText('No such lines')
})
