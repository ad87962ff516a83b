import type { MetricPoint } from '../contract/training.ts'
import type { Database } from '../prisma/client.ts'

/** A run's points one by one, in the order of their series and steps. */
export async function readPoints(
  database: Database,
  where: { runId: string; name?: MetricPoint['name']; student?: number },
): Promise<{ student: number; name: string; step: number; value: number }[]> {
  const chunks = await database.metricChunk.findMany({
    where,
    orderBy: [{ student: 'asc' }, { name: 'asc' }, { firstStep: 'asc' }],
  })
  return chunks.flatMap(({ student, name, steps, values }) =>
    steps.map((step, i) => ({ student, name, step, value: values[i]! })),
  )
}
