import { IconCheck, IconX } from '@tabler/icons-react'
import { formatMetric, formatShare } from '../../../design/format-numbers.ts'
import { TextLink } from '../../../design/link-button.tsx'
import type { RunTestPicturesQuery } from '../../../graphql/generated/operations.ts'

type Run = Extract<RunTestPicturesQuery['node'], { __typename: 'Run' }>
export type TestPicture = Run['testPictures']['edges'][number]['node']

interface Props {
  picture: TestPicture
  classes: readonly string[]
  /** Names, in cohort order. */
  students: readonly string[]
  /** Where the image is in its dataset. */
  href: string
  /** Where the students can be asked again, in the browser. */
  tryHref: string
}

/** An image with its label, and what each student says, how surely. */
export function TestPictureCard({ picture, classes, students, href, tryHref }: Props) {
  const { index, url, answers, confidences, losses } = picture
  const label = classes[picture.class] ?? ''
  const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length
  return (
    <figure className="m-0 text-sm">
      {/* biome-ignore lint/performance/noImgElement: small, immutable images served by the API */}
      <img
        src={url}
        alt={`Test ${index}, labelled ${label}`}
        loading="lazy"
        className="aspect-square w-full rounded-md border border-[var(--line)] object-contain"
        style={{ imageRendering: 'pixelated' }}
      />
      <figcaption className="mt-1.5 break-words">
        <span className="block font-medium">{label}</span>
        <ul className="m-0 list-none p-0">
          {students.map((name, k) => {
            const isRight = answers[k] === picture.class
            const Icon = isRight ? IconCheck : IconX
            return (
              <li key={name} className="flex items-baseline gap-1">
                <Icon
                  size={13}
                  className="shrink-0 translate-y-0.5"
                  aria-label={isRight ? 'right' : 'wrong'}
                  color={isRight ? 'var(--mantine-color-teal-text)' : 'var(--mantine-color-red-text)'}
                />
                <span className="min-w-0">
                  {`${name}: ${classes[answers[k] ?? -1] ?? ''}`}{' '}
                  <span className="numbers text-xs text-[var(--mantine-color-dimmed)]">
                    {formatShare(confidences[k], 0)}
                  </span>
                </span>
              </li>
            )
          })}
        </ul>
        <span className="numbers block text-xs text-[var(--mantine-color-dimmed)]">
          loss {formatMetric(loss)}
        </span>
        <TextLink href={href} size="xs" className="numbers inline-flex min-h-6 items-center">
          {`Test ${index} in its dataset`}
        </TextLink>
        <TextLink href={tryHref} size="xs" className="block min-h-6">
          Try it in the browser
        </TextLink>
      </figcaption>
    </figure>
  )
}
