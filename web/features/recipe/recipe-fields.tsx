'use client'

import { Checkbox, NumberInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { Disclosure } from '../../design/disclosure.tsx'
import { ChangedMark, ChoiceField, NumberField, type RecipeFormProps } from './recipe-field.tsx'
import { hasOptimizerSetting, hasScheduleSetting } from './recipe-values.ts'
import {
  describePart,
  optimizerWords,
  precisionWords,
  type RecipeShape,
  scheduleWords,
} from './recipe-words.ts'

/** Every part of a recipe that a person may change, each marked where it differs from the preset. */
export function RecipeFields(props: RecipeFormProps) {
  return (
    <div className="flex flex-col gap-4">
      <Grid>
        <NumberField {...props} path="epochs" label="Epochs" min={1} allowDecimal={false} />
        <NumberField {...props} path="batchSize" label="Batch size" min={2} step={16} allowDecimal={false} />
        <NumberField {...props} path="learningRate" label="Learning rate" step={0.01} />
        <NumberInput label="Seed" min={0} allowDecimal={false} {...props.form.getInputProps('seed')} />
      </Grid>
      <Part {...props} title="Optimizer" keys={['optimizer', 'clipNorm']}>
        <OptimizerFields {...props} />
      </Part>
      <Part {...props} title="Schedule" keys={['schedule', 'evaluateEveryEpochs']}>
        <ScheduleFields {...props} />
      </Part>
      <Part {...props} title="Pictures" keys={['augmentation', 'inputSize']}>
        <PictureFields {...props} />
      </Part>
      <Part {...props} title="Labels" keys={['labelSmoothing', 'labelNoise']}>
        <Grid>
          <NumberField
            {...props}
            path="labelSmoothing"
            label="Label smoothing"
            step={0.05}
            note="Share of each target spread over all classes"
          />
          <NumberField
            {...props}
            path="labelNoise"
            label="Wrong labels"
            step={0.1}
            note="Share of training labels redrawn, for experiments"
          />
        </Grid>
      </Part>
      <Part {...props} title="Weights and precision" keys={['averageDecay', 'precision']}>
        <Grid>
          <NumberField
            {...props}
            path="averageDecay"
            label="Averaged weights"
            step={0.001}
            placeholder="off"
            note="Decay of the average that is measured and exported"
          />
          <ChoiceField
            {...props}
            path="precision"
            label="Precision"
            words={precisionWords}
            note="Of feature maps while teaching; weights and losses stay float32"
          />
        </Grid>
      </Part>
    </div>
  )
}

function OptimizerFields(props: RecipeFormProps) {
  const { recipe } = props.form.getValues()
  const has = (setting: Parameters<typeof hasOptimizerSetting>[1]) => hasOptimizerSetting(recipe, setting)
  return (
    <Grid>
      <ChoiceField {...props} path="optimizer.kind" label="Optimizer" words={optimizerWords} />
      <NumberField
        {...props}
        path="optimizer.weightDecay"
        label="Weight decay"
        step={0.0001}
        note="Of convolution and dense kernels"
      />
      {has('momentum') && <NumberField {...props} path="optimizer.momentum" label="Momentum" step={0.05} />}
      {has('beta1') && <NumberField {...props} path="optimizer.beta1" label="Beta 1" step={0.05} />}
      {has('beta2') && <NumberField {...props} path="optimizer.beta2" label="Beta 2" step={0.001} />}
      {has('epsilon') && <NumberField {...props} path="optimizer.epsilon" label="Epsilon" step={1e-8} />}
      <NumberField
        {...props}
        path="clipNorm"
        label="Gradient norm"
        placeholder="off"
        note="Gradients are scaled down to it"
      />
      {has('nesterov') && (
        <Checkbox
          className="self-center"
          label="Nesterov momentum"
          {...props.form.getInputProps('recipe.optimizer.nesterov', { type: 'checkbox' })}
        />
      )}
    </Grid>
  )
}

function ScheduleFields(props: RecipeFormProps) {
  const { recipe } = props.form.getValues()
  const has = (setting: Parameters<typeof hasScheduleSetting>[1]) => hasScheduleSetting(recipe, setting)
  return (
    <Grid>
      <ChoiceField {...props} path="schedule.kind" label="Schedule" words={scheduleWords} />
      {has('everyEpochs') && (
        <NumberField
          {...props}
          path="schedule.everyEpochs"
          label="Apart"
          allowDecimal={false}
          note="Epochs from step to step"
        />
      )}
      {has('atEpochs') && (
        <TextInput
          label="At epochs"
          placeholder="30, 60"
          {...props.form.getInputProps('recipe.schedule.atEpochs')}
        />
      )}
      {has('factor') && (
        <NumberField {...props} path="schedule.factor" label="Factor" step={0.05} note="Of each step" />
      )}
      {has('warmupEpochs') && (
        <NumberField
          {...props}
          path="schedule.warmupEpochs"
          label="Warm-up"
          step={0.5}
          note="Epochs of a linear rise"
        />
      )}
      {has('risingShare') && (
        <NumberField {...props} path="schedule.risingShare" label="Rising share" step={0.05} />
      )}
      {has('startDivisor') && (
        <NumberField
          {...props}
          path="schedule.startDivisor"
          label="Start divisor"
          note="It begins at rate / this"
        />
      )}
      {has('endDivisor') && (
        <NumberField
          {...props}
          path="schedule.endDivisor"
          label="End divisor"
          note="and ends at that / this"
        />
      )}
      <NumberField
        {...props}
        path="evaluateEveryEpochs"
        label="Measured every"
        allowDecimal={false}
        note="Epochs from one test to the next"
      />
    </Grid>
  )
}

function PictureFields(props: RecipeFormProps) {
  return (
    <Grid>
      <NumberField
        {...props}
        path="augmentation.cropPadding"
        label="Crop border"
        allowDecimal={false}
        note="Pixels of reflected border before a random crop"
      />
      <NumberField
        {...props}
        path="augmentation.erasing"
        label="Erasing"
        step={0.1}
        note="Share of pictures that lose a random rectangle"
      />
      <NumberField
        {...props}
        path="inputSize.width"
        label="Input width"
        allowDecimal={false}
        placeholder="as stored"
      />
      <NumberField
        {...props}
        path="inputSize.height"
        label="Input height"
        allowDecimal={false}
        placeholder="as stored"
      />
      <Checkbox
        className="self-center"
        label="Mirror half of the pictures"
        {...props.form.getInputProps('recipe.augmentation.flip', { type: 'checkbox' })}
      />
    </Grid>
  )
}

function Grid({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 items-start gap-4 sm:grid-cols-4">{children}</div>
}

/** A part that opens; closed, it says by a mark that something in it was changed, and from what. */
function Part({
  title,
  keys,
  changed,
  preset,
  children,
}: RecipeFormProps & { title: string; keys: (keyof RecipeShape)[]; children: ReactNode }) {
  const own = keys.filter((key) => changed.includes(key))
  return (
    <div className="border-t border-[var(--line)] pt-3">
      <Disclosure label={title}>{children}</Disclosure>
      {own.length > 0 && (
        <p className="m-0 mt-1 flex flex-wrap items-center gap-2 text-xs text-[var(--mantine-color-dimmed)]">
          <ChangedMark />
          Preset: {own.map((key) => describePart(preset, key)).join('; ')}
        </p>
      )}
    </div>
  )
}
