import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LabelSuspects, MAX_SUSPECTS } from '../../../../contract/label-suspects.ts'
import { SuspectSearch } from '../../../../workers/engine/evaluation/label-suspects.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const { log } = Math
/** Of each student: its posterior, as logits. */
const saying = (...posteriors: number[][]) => posteriors.map((own) => Float32Array.from(own, log))

describe('the search for labels that no student believes', () => {
  it('keeps what every student gets wrong, by the smallest of its losses', () => {
    const search = new SuspectSearch(Int32Array.from([0, 0, 0, 0, 2]))
    // Ada is right about the first: however wrong Ben is, it is no suspect.
    search.add({ index: 0, logits: saying([0.5, 0.3, 0.2], [0.001, 0.9, 0.099]) })
    search.add({ index: 1, logits: saying([0.2, 0.7, 0.1], [0.01, 0.9, 0.09]) })
    search.add({ index: 2, logits: saying([0.1, 0.8, 0.1], [0.125, 0.075, 0.8]) })
    search.add({ index: 3, logits: saying([0.2, 0.7, 0.1], [0.01, 0.9, 0.09]) })
    search.add({ index: 4, logits: saying([0.1, 0.65, 0.25], [0.3, 0.6, 0.1]) })
    const found = LabelSuspects.parse(search.describe(['ada', 'ben']))
    expect(found).toMatchObject({ examined: 5, wrongCount: 4, students: ['ada', 'ben'] })
    // The smallest losses are -log of 0.125, of 0.2 twice, where the earlier image comes first, and of 0.25.
    expect(found.suspects.map(({ index }) => index)).toEqual([2, 1, 3, 4])
    const losses = found.suspects.map((suspect) => suspect.losses)
    const expected = [
      [-log(0.1), -log(0.125)],
      [-log(0.2), -log(0.01)],
      [-log(0.2), -log(0.01)],
      [-log(0.25), -log(0.1)],
    ]
    for (const [i, own] of expected.entries())
      for (const [k, loss] of own.entries()) expect(losses[i]![k]).toBeCloseTo(loss, 6)
    expect(found.suspects.map(({ label, answers }) => [label, answers])).toEqual([
      [0, [1, 2]],
      [0, [1, 1]],
      [0, [1, 1]],
      [2, [1, 1]],
    ])
  })

  it('names the class that most say, and of as many the one that all together find likelier', () => {
    const insteadOf = (...posteriors: number[][]) => {
      const search = new SuspectSearch(Int32Array.from([0]))
      search.add({ index: 0, logits: saying(...posteriors) })
      return search.describe([]).suspects[0]!.instead
    }
    expect(insteadOf([0.01, 0.98, 0.01], [0.3, 0.3, 0.4], [0.3, 0.3, 0.4])).toBe(2)
    expect(insteadOf([0.1, 0.6, 0.3], [0.1, 0.1, 0.8])).toBe(2)
    expect(insteadOf([0.1, 0.8, 0.1], [0.1, 0.3, 0.6])).toBe(1)
  })

  it('keeps so many, the most suspicious, and counts all', () => {
    const count = MAX_SUSPECTS + 20
    const search = new SuspectSearch(new Int32Array(count))
    for (let index = 0; index < count; index++)
      search.add({ index, logits: [Float32Array.of(0, 1 + ((index * 7) % count))] })
    const { suspects, wrongCount } = LabelSuspects.parse(search.describe(['ada']))
    expect([suspects.length, wrongCount]).toEqual([MAX_SUSPECTS, count])
    const least = suspects.map(({ losses }) => losses[0]!)
    expect(least).toEqual([...least].sort((a, b) => b - a))
    expect(least.at(-1)).toBeCloseTo(21, 6)
  })
})

/** Training labels that say another class than the image shows, by index. */
const WRONG = new Map([
  [5, 3],
  [18, 0],
  [63, 1],
])

/** The synthetic images, of which some are labelled wrong in the dataset itself. */
function mislabelled() {
  const { dataset, blobPaths } = storeSyntheticDataset({ size: 8, train: 240, test: 12 })
  const { train } = dataset.splits
  const old = blobPaths[train.labelsSha256]!
  const labels = readFileSync(old)
  for (const [index, label] of WRONG) labels.writeInt32LE(label, 4 * index)
  const labelsSha256 = createHash('sha256').update(labels).digest('hex')
  blobPaths[labelsSha256] = join(dirname(old), labelsSha256)
  writeFileSync(blobPaths[labelsSha256], labels)
  const splits = { ...dataset.splits, train: { ...train, labelsSha256 } }
  return { dataset: { ...dataset, splits }, blobPaths }
}

it('a run finds the images that its dataset has wrong, and not those that its label noise made wrong', async () => {
  const order = smallOrder({
    students: { ada: 'convnet-0.25', ben: 'convnet-0.25' },
    recipe: { epochs: 3, labelNoise: 0.1, augmentation: { cropPadding: 0, flip: false } },
    stored: mislabelled(),
  })
  const { outcome, events } = await trainToTheEnd(order)
  expect(outcome).toBe('finished')
  const [told] = eventsOfType(events, 'evaluation')
  const found = LabelSuspects.parse(JSON.parse(readFileSync(told!.suspectsPath, 'utf8')))
  expect(told!.suspectsPath).toBe(join(order.outputFolder, 'label-suspects.json'))
  expect(found).toMatchObject({ examined: 240, wrongCount: WRONG.size, students: ['ada', 'ben'] })
  const byIndex = found.suspects.toSorted((a, b) => a.index - b.index)
  // An image shows the class that its place has in the rota.
  expect(byIndex).toMatchObject([...WRONG].map(([index, label]) => ({ index, label, instead: index % 4 })))
}, 60_000)
