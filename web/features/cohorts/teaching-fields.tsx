'use client'

import { NumberInput, Radio } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Disclosure } from '../../design/disclosure.tsx'
import { inputPropsOf } from '../../forms/number-range.ts'
import { type CohortValues, featureWeightRange, temperatureRange, weightRange } from './cohort-form-values.ts'
import { divergences, partnerRules, teachingMethods, updateRules } from './teaching-words.ts'

/** Who teaches whom and when; rarely changed settings are under "Advanced". */
export function TeachingFields({ form }: { form: UseFormReturnType<CohortValues> }) {
  const { method } = form.getValues()
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
              <Radio.Group label="Divergence" {...form.getInputProps('divergence')}>
                <Choices choices={divergences} />
              </Radio.Group>
            </div>
          </Disclosure>
        </>
      )}
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
