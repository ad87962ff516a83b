import { expect, it } from 'vitest'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { isRecipeColumn, isRunColumn, RUN_COLUMNS } from '../../../contract/runs/run-columns.ts'
import { parseCondition, readRunView, writeRunView } from '../../../contract/runs/run-view.ts'
import { leavesOf } from '../../../web/features/recipe/read-schema.ts'

it('a view is read from the URL as it was written to it', () => {
  const search =
    'text=ada&status=RUNNING%2CFAILED&where=best%3E%3D0.9&where=tags%3Dpaper&where=optimizer.kind%21%3DADAM&archived=yes&sort=learningRate&columns=best%2CbatchSize&group=COHORT%2CDATASET'
  const view = readRunView(new URLSearchParams(search))
  expect(view).toEqual({
    text: 'ada',
    statuses: ['RUNNING', 'FAILED'],
    where: [
      { column: 'best', is: 'AT_LEAST', value: '0.9' },
      { column: 'tags', is: 'EQUAL', value: 'paper' },
      { column: 'optimizer.kind', is: 'NOT_EQUAL', value: 'ADAM' },
    ],
    isArchived: true,
    order: { column: 'learningRate', isDescending: false },
    columns: ['best', 'batchSize'],
    groupBy: ['COHORT', 'DATASET'],
  })
  expect(writeRunView(view).toString()).toBe(search)
})

it('a condition that holds twice is written once', () => {
  const view = readRunView(new URLSearchParams('where=tags%3Dpaper&where=tags%3Dpaper&where=best%3E%3D0.9'))
  expect(writeRunView(view).getAll('where')).toEqual(['tags=paper', 'best>=0.9'])
})

it('the usual view takes no room in the URL', () => {
  expect(writeRunView(readRunView(new URLSearchParams('status=NONSENSE&sort=nothing'))).toString()).toBe('')
})

it.each(['best>=much', 'nothing=1', 'cohort>=3', 'best~1', 'best', 'toString=1', 'best>='])(
  '“%s” is no condition',
  (text) => {
    expect(parseCondition(text)).toBeNull()
  },
)

it('every value of a recipe is a column, of its type', () => {
  const leaves = leavesOf(Recipe)
  expect(leaves.map(({ path }) => path).filter((path) => !isRunColumn(path))).toEqual([])
  const recipeColumns = Object.keys(RUN_COLUMNS).filter((name) => isRunColumn(name) && isRecipeColumn(name))
  expect(recipeColumns.length).toBe(leaves.length)
  const isNumber = (type: string) => type === 'NUMBER' || type === 'INTEGER'
  for (const { path, value } of leaves)
    expect([path, RUN_COLUMNS[path as 'epochs'] === 'NUMBER']).toEqual([path, isNumber(value.type)])
})
