/** A value of a recipe by path, such as `optimizer.momentum`; undefined if the recipe has no such part. */
export function readAt(recipe: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), recipe)
}

/** A copy of the tree with one value replaced; missing parents are created. */
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
