import { render, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import { Comparison } from '../../web/features/models/comparison.tsx'
import { RegistryTable } from '../../web/features/models/registry-table.tsx'
import type { ComparedModelFragment } from '../../web/graphql/generated/operations.ts'
import { createAnsweringClient, Surroundings } from './runs/answering-client.tsx'

const shared = {
  createdAt: '2026-03-01T12:00:00.000Z',
  aliases: [],
  artifacts: [],
  parameters: 78_000,
  meanAveragePrecision: null,
  rank1: null,
}
const runOf = (number: number, method: string, recipe: object, meanPosteriorLoss: number | null) => ({
  id: `run_${number}`,
  number,
  preset: 'quick',
  recipe,
  seed: number,
  cohort: { id: 'coh_1', name: 'Two', teaching: { method } },
  datasetVersion: { id: 'ver_1', number: 1, dataset: { id: 'ds_1', name: 'Shapes', kind: 'CLASSIFICATION' } },
  evaluation: { meanPosteriorLoss },
})
const recipe = resolveRecipe('quick')
const student = {
  __typename: 'Model',
  ...shared,
  id: 'mod_1',
  top1: 0.9,
  loss: 0.3,
  student: { id: 'stu_1', name: 'ada', architecture: 'resnet-8', position: 0 },
  run: runOf(1, 'MUTUAL', recipe, 0.25),
} as unknown as ComparedModelFragment
const ensemble = {
  __typename: 'Ensemble',
  ...shared,
  id: 'ens_1',
  meanPosteriorTop1: 0.92,
  concatenatedFeaturesTop1: 0.91,
  run: runOf(2, 'INDEPENDENT', { ...recipe, epochs: 99 }, 0.25),
} as unknown as ComparedModelFragment

const { client } = createAnsweringClient(() => ({}))
const show = (element: React.ReactNode) => render(<Surroundings client={client}>{element}</Surroundings>)
const cellsOf = (label: string) =>
  within(screen.getByRole('row', { name: new RegExp(`^${label}`) }))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent)

describe('models side by side', () => {
  it('tell how they were taught, with which seed, and what their recipes differ in', () => {
    show(<Comparison trained={[student, ensemble]} base="/ada" />)
    expect(cellsOf('Teaching')).toEqual(['Mutual learning', 'Independent'])
    expect(cellsOf('Seed')).toEqual(['1', '2'])
    expect(cellsOf('Epochs')).toEqual([String(recipe.epochs), '99'])
    expect(screen.queryByRole('row', { name: /^Batch size/ })).toBeNull()
  })

  it('tell an ensemble’s loss beside a student’s, and which is the lower', () => {
    show(<Comparison trained={[student, ensemble]} base="/ada" />)
    expect(cellsOf('Test loss')).toEqual(['0.3000', '0.2500 (best)'])
  })
})

describe('the list of models', () => {
  const many = Array.from({ length: 5 }, (_, i) => ({ ...student, id: `mod_${i}` }))
  const table = (chosen: string[]) =>
    show(<RegistryTable trained={many} base="/ada" chosen={chosen} onChoose={() => {}} />)

  it('lets no fifth be ticked while four are, and says why', () => {
    table(['mod_0', 'mod_1', 'mod_2', 'mod_3'])
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox')
    expect(boxes.map(({ disabled }) => disabled)).toEqual([false, false, false, false, true])
    expect(boxes.at(-1)?.getAttribute('aria-label')).toMatch(/4 are chosen already/)
  })

  it('lets the next be ticked once one of four is not', () => {
    table(['mod_0', 'mod_1', 'mod_2'])
    expect(screen.getAllByRole<HTMLInputElement>('checkbox').every(({ disabled }) => !disabled)).toBe(true)
  })
})
