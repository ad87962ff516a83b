/** Where people and scripts reach a path of the product. */
export function publicUrl({ publicOrigin }: { publicOrigin: string }, path: string): string {
  return `${publicOrigin}${path}`
}
