import { Panel } from '../../../design/panel.tsx'
import type { RunFeed } from '../live/run-feed.ts'
import { epochWords } from './epoch-words.ts'

/** The training in sentences, one for each evaluation; nothing before the first. */
export function EpochList({ feed }: { feed: RunFeed }) {
  const words = epochWords(feed)
  if (words.length === 0) return null
  return (
    <Panel title="Epoch by epoch" note="Newest first">
      <ol
        aria-label="Epochs"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="m-0 flex max-h-56 list-none flex-col gap-1.5 overflow-y-auto p-0"
      >
        {words.map(({ step, text }) => (
          <li key={step} className="numbers text-sm">
            {text}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
