import { ARCHITECTURE_FAMILIES } from '../../../contract/architectures.ts'
import { FORMAT_TITLES } from '../../../contract/dataset-formats.ts'
import { RECIPE_PRESETS, resolveRecipe } from '../../../contract/recipe-presets.ts'
import { roleIn } from '../../access/actor.ts'
import { listWorkers } from '../../use-cases/workers/list-workers.ts'
import type { QueryResolvers } from '../generated/resolvers.ts'
import { readNode } from './node.ts'

export const Query: QueryResolvers = {
  viewer: (_, __, { actor }) => actor,
  node: (_, { id }, context) => readNode(context, id),
  async team(_, { slug }, { actor, services: { database } }) {
    if (!actor) return null
    const team = await database.team.findUnique({ where: { slug } })
    return team && (await roleIn(database, actor, team.id)) ? team : null
  },
  workers: (_, __, { actor, services: { database } }) => listWorkers(database, actor),
  architectures: () =>
    Object.values(ARCHITECTURE_FAMILIES).flatMap(({ title, description, examples }) =>
      examples.map((name) => ({ name, title, description })),
    ),
  datasetFormats: () => Object.entries(FORMAT_TITLES).map(([name, title]) => ({ name, title })),
  recipePresets: () =>
    (Object.keys(RECIPE_PRESETS) as (keyof typeof RECIPE_PRESETS)[]).map((name) => {
      const { title, description, overrides } = RECIPE_PRESETS[name]
      const whys = Object.entries(overrides).map(([key, { why }]) => ({ key, why }))
      return { name, title, description, recipe: resolveRecipe(name), overrides: whys }
    }),
}
