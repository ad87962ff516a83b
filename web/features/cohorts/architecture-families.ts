import type { ArchitecturesQuery } from '../../graphql/generated/operations.ts'

export interface ArchitectureFamily {
  title: string
  description: string
  /** Smallest first. */
  names: string[]
}

/** Groups architectures by family, in the API's order. */
export function groupByFamily(architectures: ArchitecturesQuery['architectures']): ArchitectureFamily[] {
  const families = new Map<string, ArchitectureFamily>()
  for (const { name, title, description } of architectures) {
    const family = families.get(title)
    if (family) family.names.push(name)
    else families.set(title, { title, description, names: [name] })
  }
  return [...families.values()]
}
