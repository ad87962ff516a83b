import type { RegistryFilter } from '../../graphql/generated/operations.ts'

/** Parses a filter from the URL; missing parameters do not filter. */
export function filterOf(address: URLSearchParams): RegistryFilter {
  const kind = address.get('kind')
  const least = numberIn(address.get('least'), 0, 100)
  const most = numberIn(address.get('most'), 0, 1e6)
  return {
    datasetId: address.get('dataset'),
    architecture: address.get('architecture'),
    kind: kind === 'STUDENT' || kind === 'ENSEMBLE' ? kind : null,
    // In the URL these are per cent and millions of parameters.
    leastScore: least === null ? null : least / 100,
    mostParameters: most === null ? null : Math.round(most * 1e6),
    alias: address.get('alias'),
  }
}

function numberIn(text: string | null, least: number, most: number): number | null {
  const value = text === null || text === '' ? Number.NaN : Number(text)
  return value >= least && value <= most ? value : null
}
