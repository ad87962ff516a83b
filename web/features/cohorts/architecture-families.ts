import type { Network } from './network-table.tsx'

export interface ArchitectureFamily {
  title: string
  description: string
  /** Smallest first. */
  names: string[]
}

/** Groups networks by family, in the API's order. */
export function groupByFamily(
  networks: readonly Pick<Network, 'name' | 'family' | 'description'>[],
): ArchitectureFamily[] {
  const families = new Map<string, ArchitectureFamily>()
  for (const { name, family: title, description } of networks) {
    const family = families.get(title)
    if (family) family.names.push(name)
    else families.set(title, { title, description, names: [name] })
  }
  return [...families.values()]
}
