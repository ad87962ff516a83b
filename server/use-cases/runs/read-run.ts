import type { Database, Run } from '../../../prisma/client.ts'

/** A run by its number within the team. */
export function readRun({ run }: Database, teamId: string, number: number): Promise<Run | null> {
  return run.findUnique({ where: { teamId_number: { teamId, number } } })
}
