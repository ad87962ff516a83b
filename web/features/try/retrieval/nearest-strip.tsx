import { Text } from '@mantine/core'
import type { Found } from './find-nearest.ts'
import type { Gallery } from './use-gallery-features.ts'

/** The nearest images by one student or by the ensemble, each with its identity and distance. */
export function NearestStrip(props: { name: string; note: string; found: Found[]; gallery: Gallery }) {
  const { name, note, found, gallery } = props
  return (
    <section aria-label={`Nearest by ${name}`} className="min-w-0">
      <Text fw={600} className="break-words">
        {name}{' '}
        <Text span size="xs" c="dimmed">
          {note}
        </Text>
      </Text>
      {/* biome-ignore lint/a11y/useSemanticElements: a section would need its own heading */}
      <div
        className="mt-2 overflow-x-auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={`Images found by ${name}`}
      >
        <ol className="m-0 flex list-none gap-2 p-0 pb-1">
          {found.map(({ place, distance }, rank) => {
            const image = gallery[place]
            if (!image) return null
            const { identity, camera, url } = image
            const who = identity === 0 ? 'nobody' : `${identity}`
            return (
              <li key={place} className="w-16 shrink-0 text-xs">
                {/* biome-ignore lint/performance/noImgElement: small, immutable images served by the API */}
                <img
                  src={url}
                  alt={`Rank ${rank + 1}: identity ${who}, camera ${camera}`}
                  className="aspect-square w-full rounded-sm object-contain"
                />
                <span className="numbers mt-1 block font-medium">{who}</span>
                <span className="numbers block text-[var(--mantine-color-dimmed)]">cam {camera}</span>
                <span className="numbers block text-[var(--mantine-color-dimmed)]">
                  {distance.toFixed(3)}
                </span>
              </li>
            )
          })}
        </ol>
      </div>
    </section>
  )
}
