import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { PageLoader } from '../../../web/features/datasets/pictures/page-loader.ts'

const COUNT = 100_000
const PAGE = 200
const nodesOf = (page: number) => Array.from({ length: PAGE }, (_, i) => page * PAGE + i)

function begin(ask: (page: number) => Promise<void>) {
  const asked: number[] = []
  let underWay = 0
  let mostUnderWay = 0
  let known = new Map<number, number[]>()
  let trouble: Error | null = null
  const pages = new PageLoader<number>({
    pageSize: PAGE,
    async ask(page) {
      asked.push(page)
      mostUnderWay = Math.max(mostUnderWay, ++underWay)
      await ask(page).finally(() => underWay--)
      return { totalCount: COUNT, nodes: nodesOf(page) }
    },
    onChange({ byNumber, error }) {
      known = new Map(byNumber)
      trouble = error
    },
  })
  return { pages, asked, most: () => mostUnderWay, known: () => known, trouble: () => trouble }
}

it('asks for what is in sight when it is asked, not for all that was dragged past', async () => {
  const { pages, asked, most, known } = begin(() => sleep(5))
  for (let first = 0; first < COUNT; first += 300) pages.show(first, first + 299)
  pages.show(COUNT - 300, COUNT - 1)
  await expect.poll(() => known().has(COUNT / PAGE - 1) && known().has(COUNT / PAGE - 2)).toBe(true)
  expect(asked.length).toBeLessThanOrEqual(4)
  expect(most()).toBeLessThanOrEqual(2)
  expect(known().get(499)?.at(-1)).toBe(COUNT - 1)
})

it('asks for a page once, and again only where it failed', async () => {
  let hasFailed = false
  const { pages, asked, known, trouble } = begin(async () => {
    if (hasFailed) return
    hasFailed = true
    throw new Error('away')
  })
  pages.show(0, 10)
  await expect.poll(trouble).not.toBeNull()
  pages.show(0, 10)
  await expect.poll(() => known().size).toBe(1)
  expect(trouble()).toBeNull()
  pages.show(5, 15)
  expect(asked).toEqual([0, 0])
})

it('says nothing after its end', async () => {
  const { pages, known } = begin(() => sleep(1))
  pages.show(0, 10)
  pages.end()
  await sleep(10)
  expect(known().size).toBe(0)
})
