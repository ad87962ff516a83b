import type { APIRequestContext } from '@playwright/test'
import { ask } from './ada.ts'
import { SEEDED } from './seeded.ts'

const PAGE = `query ($slug: String!, $number: Int!, $after: String) { team(slug: $slug) { run(number: $number) {
  evaluation { students { name } } datasetVersion { classes }
  testPictures(first: 100, after: $after) { nodes { index answers confidences } pageInfo { hasNextPage endCursor } }
} } }`

interface Run {
  evaluation: { students: { name: string }[] }
  datasetVersion: { classes: string[] }
  testPictures: {
    nodes: { index: number; answers: number[]; confidences: number[] }[]
    pageInfo: { hasNextPage: boolean; endCursor: string }
  }
}

interface Evaluated {
  student: string
  label: string
  confidence: number
}

/** What each student said to a test image when its run was evaluated. @param after the page before, if any */
export async function readAnswers(
  request: APIRequestContext,
  number: number,
  index: number,
  after: string | null = null,
): Promise<Evaluated[]> {
  const variables = { slug: SEEDED.slice(1), number, after }
  const { team } = await ask<{ team: { run: Run } }>(request, PAGE, variables)
  const { evaluation, datasetVersion, testPictures } = team.run
  const found = testPictures.nodes.find((picture) => picture.index === index)
  if (found)
    return evaluation.students.map(({ name }, k) => ({
      student: name,
      label: datasetVersion.classes[found.answers[k] ?? -1] ?? '',
      confidence: found.confidences[k] ?? 0,
    }))
  const { hasNextPage, endCursor } = testPictures.pageInfo
  if (!hasNextPage) throw new Error(`The run has evaluated no test image ${index}.`)
  return readAnswers(request, number, index, endCursor)
}
