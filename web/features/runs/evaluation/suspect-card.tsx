import { Checkbox } from '@mantine/core'
import { formatMetric } from '../../../design/format-numbers.ts'
import type { RunSuspectsQuery } from '../../../graphql/generated/operations.ts'

type Run = Extract<RunSuspectsQuery['node'], { __typename: 'Run' }>
type Picture = NonNullable<Run['labelSuspects']>['pictures'][number]

interface Props {
  picture: Picture
  classes: readonly string[]
  /** Names, in cohort order. */
  students: readonly string[]
  /** Null if the user may not edit the dataset. */
  isChosen: boolean | null
  onChoose: (isChosen: boolean) => void
}

function sayingText(agreeing: number, students: number): string {
  if (students === 1) return 'the student says'
  if (agreeing === students) return 'all say'
  return `${agreeing} of ${students} ${agreeing === 1 ? 'says' : 'say'}`
}

/** An image with its label, the students' predictions, and the smallest of their losses. */
export function SuspectCard({ picture, classes, students, isChosen, onChoose }: Props) {
  const { index, url, takenFor, answers, losses } = picture
  const label = classes[picture.class]
  const agreeing = answers.filter((answer) => answer === takenFor).length
  const whoSays = sayingText(agreeing, students.length)
  const inFull = students
    .map((name, k) => `${name}: ${classes[answers[k] ?? -1]}, loss ${formatMetric(losses[k] ?? 0)}`)
    .join('\n')
  return (
    <figure className="m-0 text-sm" title={inFull}>
      {/* biome-ignore lint/performance/noImgElement: small, immutable images served by the API */}
      <img
        src={url}
        alt={`Train ${index}, labelled ${label}`}
        loading="lazy"
        className="aspect-square w-full rounded-md border border-[var(--line)] object-contain"
        style={{ imageRendering: 'pixelated' }}
      />
      <figcaption className="mt-1.5 break-words">
        {isChosen === null ? (
          <span className="block font-medium">{label}</span>
        ) : (
          <Checkbox
            size="xs"
            fw={500}
            label={label}
            aria-label={`Choose train ${index}, labelled ${label}`}
            checked={isChosen}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        )}
        <span className="block">
          {whoSays} <span className="font-medium">{classes[takenFor]}</span>
        </span>
        <span className="numbers block text-xs text-[var(--mantine-color-dimmed)]">
          train {index} · loss {formatMetric(Math.min(...losses))}
        </span>
      </figcaption>
    </figure>
  )
}
