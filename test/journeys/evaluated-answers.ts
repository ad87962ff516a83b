import type { APIRequestContext } from '@playwright/test'
import { ask } from './ada.ts'
import { SEEDED } from './seeded.ts'

const PAGE = `query ($slug: String!, $number: Int!, $after: String) { team(slug: $slug) { run(number: $number) {
  evaluation { students { name } } datasetVersion { classes }
  testPictures(first: 100, after: $after) { nodes { index answers confidences } pageInfo { hasNextPage endCursor } }
} } }`

interface Page {
  team: {
    run: {
      evaluation: { students: { name: string }[] }
      datasetVersion: { classes: string[] }
      testPictures: {
        nodes: { index: number; answers: number[]; confidences: number[] }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
      }
    }
  }
}

/** What each student said to a test image when its run was evaluated. */
export async function readAnswers(request: APIRequestContext, number: number, index: number) {
  let after: string | null = null
  do {
    const variables = { slug: SEEDED.slice(1), number, after }
    const { team }: Page = await ask<Page>(request, PAGE, variables)
    const { evaluation, datasetVersion, testPictures } = team.run
    const found = testPictures.nodes.find((picture) => picture.index === index)
    if (found)
      return evaluation.students.map(({ name }, k) => ({
        student: name,
        label: datasetVersion.classes[found.answers[k] ?? -1] ?? '',
        confidence: found.confidences[k] ?? 0,
      }))
    after = testPictures.pageInfo.hasNextPage ? testPictures.pageInfo.endCursor : null
  } while (after)
  throw new Error(`The run has evaluated no test image ${index}.`)
}
