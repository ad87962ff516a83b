import { Text } from '@mantine/core'
import type { StartingWeightsQuery } from '../../graphql/generated/operations.ts'
import { describeMatch, imagesWords } from '../weights/weights-words.ts'

export type FittingWeights = NonNullable<
  StartingWeightsQuery['team']
>['givenWeights']['edges'][number]['node']

interface Props {
  weights: FittingWeights | undefined
  architecture: string
}

/** What of a file a student of this architecture takes, told before a run is started. */
export function StartNote({ weights, architecture }: Props) {
  const fits = weights?.fits.filter((fit) => fit.architecture === architecture) ?? []
  if (!weights || fits.length === 0) return null
  return (
    <Text size="xs" c="dimmed" mt={4}>
      {fits.map((fit) => describe(fit, fits.length > 1)).join('; ')}.{' '}
      {weights.classCount === null
        ? 'The classifier is new: the file does not tell its classes.'
        : `The classifier is new unless a run’s classes are the file’s ${weights.classCount}.`}
    </Text>
  )
}

function describe(fit: FittingWeights['fits'][number], isOneOfTwo: boolean): string {
  const where = isOneOfTwo ? ` for images ${imagesWords[fit.images]}` : ''
  const more = fit.newCount - fit.new.length
  const names = fit.new.map(({ name }) => name).join(', ')
  const fresh = fit.newCount > 0 ? `, new: ${names}${more > 0 ? ` and ${more} more` : ''}` : ''
  const unused = fit.unusedCount > 0 ? `, ${fit.unusedCount} of the file not used` : ''
  const matched = `${describeMatch(fit)} match${where}${fresh}${unused}`
  return matched.charAt(0).toUpperCase() + matched.slice(1)
}
