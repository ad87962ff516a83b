import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { useClassCurves } from '../../../web/features/runs/evaluation/class-curves/use-class-curves.ts'
import { createAnsweringClient, Surroundings } from './answering-client.tsx'

function Curves({ student, evaluations }: { student: number | null; evaluations: number }) {
  const { curves } = useClassCurves({ runId: 'run_1', student, classes: null }, evaluations)
  return <output>{curves?.mean.join(' ') ?? 'none'}</output>
}

it('reads curves again after every evaluation, and those of whom is chosen', async () => {
  let evaluations = 1
  const { client, asked } = createAnsweringClient((_, { student }) => {
    const numbers = Array.from({ length: evaluations }, (_, i) => i + 1)
    const mean = numbers.map((one) => (student === 0 ? one / 10 : one))
    const curves = { __typename: 'ClassCurves', steps: numbers, mean, classes: [] }
    return { node: { __typename: 'Run', id: 'run_1', classCurves: curves } }
  })
  const page = (student: number | null) => (
    <Surroundings client={client}>
      <Curves student={student} evaluations={evaluations} />
    </Surroundings>
  )
  const { rerender } = render(page(0))
  await screen.findByText('0.1')
  rerender(page(0))
  expect(asked).toHaveLength(1)
  evaluations = 2
  rerender(page(0))
  await screen.findByText('0.1 0.2')
  rerender(page(null))
  await screen.findByText('1 2')
})
