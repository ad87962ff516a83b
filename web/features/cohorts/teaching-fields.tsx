'use client'

import { Checkbox, NumberInput, Radio } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Disclosure } from '../../design/disclosure.tsx'
import { inputPropsOf } from '../../forms/number-range.ts'
import {
  type CohortValues,
  classWeightRange,
  featureWeightRange,
  peerAverageRange,
  temperatureRange,
  weightRange,
} from './cohort-form-values.ts'
import { divergences, ensembleRules, partnerRules, teachingMethods, updateRules } from './teaching-words.ts'

/** Who teaches whom and when; rarely changed settings are under "Advanced". */
export function TeachingFields({ form }: { form: UseFormReturnType<CohortValues> }) {
  const { method, divergence } = form.getValues()
  const alone = method === 'INDEPENDENT'
  return (
    <div className="flex flex-col gap-6">
      <Radio.Group label="Teaching method" {...form.getInputProps('method')}>
        <Choices choices={teachingMethods} />
      </Radio.Group>
      {!alone && (
        <>
          <Radio.Group label="Update rule" {...form.getInputProps('updateRule')}>
            <Choices choices={updateRules} />
          </Radio.Group>
          {method === 'MUTUAL' && (
            <Radio.Group label="Partners" {...form.getInputProps('partnerRule')}>
              <Choices choices={partnerRules} />
            </Radio.Group>
          )}
          {method === 'ENSEMBLE_TEACHER' && (
            <Radio.Group label="Ensemble" {...form.getInputProps('ensembleRule')}>
              <Choices choices={ensembleRules} />
            </Radio.Group>
          )}
          <Disclosure label="Advanced">
            <div className="grid gap-4 sm:grid-cols-2">
              <NumberInput
                label="Temperature"
                description="Softens the posteriors that students learn from; 1 in the paper."
                {...inputPropsOf(temperatureRange)}
                step={0.5}
                {...form.getInputProps('temperature')}
              />
              <NumberInput
                label="Weight"
                description="Weight of the peers relative to the labels; 1 in the paper."
                {...inputPropsOf(weightRange)}
                step={0.1}
                {...form.getInputProps('weight')}
              />
              <NumberInput
                label="Feature weight"
                description="Weight of the squared difference to the peers’ features, which must be of one size; 0 in the paper."
                {...inputPropsOf(featureWeightRange)}
                step={0.1}
                {...form.getInputProps('featureWeight')}
              />
              {method !== 'DISTILLATION' && (
                <NumberInput
                  label="Average of peers"
                  description="Decay of the average of their weights by which peers teach, such as 0.99; empty for peers as they are."
                  {...inputPropsOf(peerAverageRange)}
                  step={0.01}
                  placeholder="off"
                  {...form.getInputProps('peerAverageDecay')}
                />
              )}
              <Radio.Group label="Divergence" {...form.getInputProps('divergence')}>
                <Choices choices={divergences} />
              </Radio.Group>
              {divergence === 'DECOUPLED_KL' && <ClassWeights form={form} />}
              <div className="flex flex-col gap-4">
                <Checkbox
                  label="Standardise logits"
                  description="Compares how logits relate, and not how large they are; usually at temperature 2."
                  {...form.getInputProps('standardizesLogits', { type: 'checkbox' })}
                />
                {method !== 'DISTILLATION' && (
                  <Checkbox
                    label="Let the leader wait"
                    description="Pauses the student that is ahead where it is too far ahead of the last one."
                    {...form.getInputProps('pausesLeader', { type: 'checkbox' })}
                  />
                )}
              </div>
            </div>
          </Disclosure>
        </>
      )}
    </div>
  )
}

function ClassWeights({ form }: { form: UseFormReturnType<CohortValues> }) {
  return (
    <div className="flex flex-col gap-4">
      <NumberInput
        label="Weight of the image’s class"
        description="α of decoupled KL; 1 in its paper."
        {...inputPropsOf(classWeightRange)}
        step={0.5}
        {...form.getInputProps('targetClassWeight')}
      />
      <NumberInput
        label="Weight of the other classes"
        description="β of decoupled KL; 8 in its paper for CIFAR-100."
        {...inputPropsOf(classWeightRange)}
        step={0.5}
        {...form.getInputProps('otherClassesWeight')}
      />
    </div>
  )
}

function Choices({ choices }: { choices: { value: string; label: string; explanation: string }[] }) {
  return (
    <div className="mt-2 flex flex-col gap-3">
      {choices.map(({ value, label, explanation }) => (
        <Radio key={value} value={value} label={label} description={explanation} />
      ))}
    </div>
  )
}
