/** A value of a recipe by its path, `optimizer.momentum`; undefined where the recipe has no such part. */
export function readAt(recipe: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), recipe)
}

/** The same tree with one value in another's place; parts on the way are made where they are missing. */
export function writeAt<Tree extends object>(tree: Tree, path: string, value: unknown): Tree {
  const [key = '', ...rest] = path.split('.')
  const part = readAt(tree, key)
  return {
    ...tree,
    [key]: rest.length > 0 ? writeAt(isRecord(part) ? part : {}, rest.join('.'), value) : value,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
