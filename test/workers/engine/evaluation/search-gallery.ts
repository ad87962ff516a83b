import type { Identities } from '../../../../workers/engine/evaluation/rank-gallery.ts'
import { rankQueries, type Searched } from '../../../../workers/engine/evaluation/retrieve.ts'

export const search = (query: Searched, gallery: Searched) => rankQueries(query, gallery, async () => {})

export const identitiesOf = (identities: number[], cameras: number[]): Identities => ({
  identities: Int32Array.from(identities),
  cameras: Int32Array.from(cameras),
})
