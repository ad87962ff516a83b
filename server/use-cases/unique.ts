import { Prisma } from '../../prisma/client.ts'

/** True for the error of a row whose unique columns another row has already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
