import type { RegistryFilter } from '../../graphql/generated/operations.ts'

/** GraphQL's Int ends here, and so does the number of parameters that a network can have. */
const MOST_INT = 2 ** 31 - 1

/** The filter that an address stands for; what it does not say is not filtered by. */
export function filterOf(address: URLSearchParams): RegistryFilter {
  const kind = address.get('kind')
  const least = numberIn(address.get('least'), 0, 100)
  const most = numberIn(address.get('most'), 0, 1e6)
  return {
    datasetId: address.get('dataset'),
    architecture: address.get('architecture'),
    kind: kind === 'STUDENT' || kind === 'ENSEMBLE' ? kind : null,
    // In the address as people say them: per cent, and millions of parameters.
    leastScore: least === null ? null : least / 100,
    mostParameters: most === null ? null : Math.min(Math.round(most * 1e6), MOST_INT),
    alias: address.get('alias'),
  }
}

function numberIn(text: string | null, least: number, most: number): number | null {
  const value = text === null || text === '' ? Number.NaN : Number(text)
  return value >= least && value <= most ? value : null
}
