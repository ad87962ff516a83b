import { fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, it } from 'vitest'
import type { ProofWishes } from '../../web/features/experiments/prove-it.ts'
import { ProveItPanel } from '../../web/features/experiments/prove-it-panel.tsx'
import { createAnsweringClient, Surroundings } from './runs/answering-client.tsx'

function Panel() {
  const [wishes, setWishes] = useState<ProofWishes | null>({ seeds: 5, mayEndEarly: false })
  const rest = { obstacle: null, experiment: null, datasetVersionId: null }
  return <ProveItPanel wishes={wishes} onChange={setWishes} {...rest} />
}

it('takes a number of seeds digit by digit, and says of none what to enter', () => {
  render(
    <Surroundings client={createAnsweringClient(() => ({})).client}>
      <Panel />
    </Surroundings>,
  )
  const seeds = screen.getByLabelText<HTMLInputElement>('Number of seeds')
  const type = (value: string) => fireEvent.change(seeds, { target: { value } })
  for (const text of ['', '1']) {
    type(text)
    expect(seeds.value).toBe(text)
    expect(screen.queryByText('Enter a whole number from 2 to 30.')).not.toBeNull()
  }
  type('12')
  expect(seeds.value).toBe('12')
  expect(screen.queryByText(/^Enter a/)).toBeNull()
})
