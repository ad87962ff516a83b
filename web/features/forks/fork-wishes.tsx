import { NumberInput, Switch, Text } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { TextLink } from '../../design/link-button.tsx'
import { Panel } from '../../design/panel.tsx'
import { checkNumber, inputPropsOf, rangeOf } from '../../forms/number-range.ts'
import type { ForkFormQuery } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { type ForkWishes, whyTooShort } from './fork-values.ts'

type Run = NonNullable<NonNullable<ForkFormQuery['team']>['run']>
type WishesForm = UseFormReturnType<ForkWishes>

const epochsRange = rangeOf(Recipe.shape.epochs)
const rateRange = rangeOf(Recipe.shape.learningRate)

/** What of a fork is not its cohort. @param checkpoints  the newest first */
export function useForkWishes(run: Run, recipe: Recipe, checkpoints: Run['checkpoints']): WishesForm {
  // After the last there is nothing to compare with, nor anything left to train, unless there are more epochs.
  const usual = checkpoints.find(({ kind }) => kind !== 'FINAL') ?? checkpoints[0]
  const { steps } = run.progress
  return useForm<ForkWishes>({
    initialValues: {
      step: usual?.step ?? 0,
      epochs: recipe.epochs,
      learningRate: recipe.learningRate,
      withTwin: false,
    },
    validate: {
      step: (value) =>
        checkpoints.some(({ step }) => step === value) ? null : 'Choose a checkpoint that the run still has.',
      epochs: (value, { step }) =>
        checkNumber(value, epochsRange) ?? whyTooShort(Number(value), step, { epochs: recipe.epochs, steps }),
      learningRate: (value) => checkNumber(value, rateRange),
    },
  })
}

export function WishesPanel(props: { wishes: WishesForm; run: Run; recipe: Recipe }) {
  const { wishes, run, recipe } = props
  return (
    <Panel
      title="Recipe from there"
      note="What a step sees stays as it was: images, their order and size, labels, and the kind of optimizer. The API changes every other key, too."
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberInput
          label="Epochs"
          description={`Of the whole training; ${recipe.epochs} in run ${run.number}.`}
          {...inputPropsOf(epochsRange)}
          {...wishes.getInputProps('epochs')}
        />
        <NumberInput
          label="Learning rate"
          description={`The schedule goes on by the step; ${recipe.learningRate} in run ${run.number}.`}
          {...inputPropsOf(rateRange)}
          step={0.01}
          {...wishes.getInputProps('learningRate')}
        />
      </div>
    </Panel>
  )
}

/** @param isChanged  in more than its length: otherwise the fork is its own twin */
export function TwinPanel(props: { wishes: WishesForm; run: Run; isChanged: boolean }) {
  const { wishes, run, isChanged } = props
  const { base } = useTeam()
  return (
    <Panel title="What it is compared with">
      <Switch
        label="Also go on unchanged"
        description={
          isChanged
            ? `Queues a second fork of the same checkpoint in which only the epochs change. Needed where run ${run.number} itself does not go on past the checkpoint.`
            : 'Nothing but the epochs has been changed yet, so that the fork itself goes on unchanged.'
        }
        disabled={!isChanged}
        {...wishes.getInputProps('withTwin', { type: 'checkbox' })}
        checked={isChanged && wishes.getValues().withTwin}
      />
      <Text size="sm" c="dimmed" mt="sm">
        One seed is no evidence: an{' '}
        <TextLink href={`${base}/experiments/new`} size="sm" underline="always">
          experiment
        </TextLink>{' '}
        has several.
      </Text>
    </Panel>
  )
}
