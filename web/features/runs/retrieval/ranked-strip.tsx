import { IconCheck, IconX } from '@tabler/icons-react'
import { formatShare } from '../../../design/format-numbers.ts'
import type { RunRankingsQuery } from '../../../graphql/generated/operations.ts'

type Run = Extract<RunRankingsQuery['node'], { __typename: 'Run' }>
type Query = Run['retrievalQueries']['edges'][number]['node']

/** A query and its nearest gallery images, marked right or wrong by icon, colour and text. */
export function RankedStrip({ query }: { query: Query }) {
  const { picture, averagePrecision, firstRight, ranked } = query
  return (
    <div className="flex gap-4 px-4 py-3 sm:px-5">
      <figure className="m-0 w-20 shrink-0 text-xs">
        <Picture url={picture.url} alt={`Query, identity ${picture.identity}, camera ${picture.camera}`} />
        <figcaption className="numbers mt-1">
          <span className="block font-medium">
            {picture.identity} · cam {picture.camera}
          </span>
          <span className="block text-[var(--mantine-color-dimmed)]">
            {averagePrecision === null
              ? 'no match to find'
              : `AP ${formatShare(averagePrecision)}, first at ${firstRight}`}
          </span>
        </figcaption>
      </figure>
      {/* biome-ignore lint/a11y/useSemanticElements: a section would need its own heading */}
      <div
        className="min-w-0 flex-1 overflow-x-auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={`Found for query ${picture.index}`}
      >
        <ol className="m-0 flex list-none gap-2 p-0 pb-1">
          {ranked.map(({ picture: found, right, distance }, rank) => (
            <li key={found.index} className="w-16 shrink-0 text-xs">
              <div
                className="rounded-md border-2 p-0.5"
                style={{
                  borderColor: right ? '#2f9e5b' : '#e03131',
                  borderStyle: right ? 'solid' : 'dashed',
                }}
              >
                <Picture
                  url={found.url}
                  alt={`Rank ${rank + 1}, ${right ? 'right' : 'wrong'}: identity ${found.identity}, camera ${found.camera}`}
                />
              </div>
              <span className="numbers mt-1 flex items-center gap-0.5 font-medium">
                {right ? <IconCheck size={13} aria-hidden /> : <IconX size={13} aria-hidden />}
                {found.identity === 0 ? 'nobody' : found.identity}
              </span>
              <span className="numbers block text-[var(--mantine-color-dimmed)]">
                cam {found.camera} · {distance.toFixed(2)}
              </span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}

function Picture({ url, alt }: { url: string; alt: string }) {
  return (
    // biome-ignore lint/performance/noImgElement: small, immutable images served by the API
    <img src={url} alt={alt} loading="lazy" className="aspect-square w-full rounded-sm object-contain" />
  )
}
