import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'

/** Things that one operation may bring, at the most. A page of 100 runs with their students brings some thousand. */
export const MAX_COST = 20_000
const LARGEST_PAGE = 100
/** Taken for the length of a list without pages: a cohort's students, a team's members. */
const USUAL_LIST = 10
/** Lists without pages that may be much longer. */
const LONG_LISTS: Record<string, number> = {
  'Experiment.trials': 500,
  'TradeOffs.points': 300,
  'Team.networks': 30,
}
/** Fields behind which stands more than a column of a row: a zip on storage, a chart's points. */
const DEAR_FIELDS: Record<string, number> = {
  'TrainedModel.card': 100,
  'Model.card': 100,
  'Ensemble.card': 100,
  'Run.metrics': 100,
  'Run.pace': 100,
  'Run.classCurves': 100,
  'Run.fork': 10,
  // The curves of all that went on from the same checkpoint.
  'RunFork.comparison': 500,
  // Puts a whole test set in order.
  'Run.testPictures': 100,
  // Its twins, by its experiments.
  'Run.explanationBlocker': 10,
  'Experiment.results': 500,
  'Experiment.curves': 500,
  // Sums over all that a team has.
  'Team.quotas': 50,
  'Team.storedBytes': 50,
  'InstanceTeam.quotas': 20,
  'Team.deviceHours': 200,
  'Query.queue': 100,
  'Query.capacity': 100,
  'Instance.deviceHours': 500,
  'Instance.storage': 500,
  // From finished runs and from all that wait.
  'Team.runEstimate': 100,
  'Run.startsInSeconds': 100,
  // From all of its runs.
  'Experiment.progress': 50,
}

/** What they bring is read once in some seconds, however many look at it, and its types lead nowhere else. */
const FIXED_COSTS: Record<string, number> = { 'Query.shared': 200, 'Query.sharedPreview': 200 }

/** Of every operation that was validated. */
const COSTS = new WeakMap<OperationDefinitionNode, number>()

/** How many things an operation that was validated could bring; at least one. */
export function costOf(operation: OperationDefinitionNode): number {
  return Math.max(1, COSTS.get(operation) ?? 1)
}

/** Whether an operation asks for what shared links show, and for nothing else. */
export function isOfSharedPage({
  operation,
  selectionSet: { selections },
}: OperationDefinitionNode): boolean {
  const isShared = (selection: SelectionNode) =>
    selection.kind === Kind.FIELD && `Query.${selection.name.value}` in FIXED_COSTS
  return operation === 'query' && selections.every(isShared)
}

/**
 * Refuses operations that could bring more than `maxCost` things. A field costs 1, and what stands under a list is
 * multiplied by the list's length: the page size as written or by default, the largest one where a variable gives it.
 * A field that a selection repeats costs as often as it is compared with itself, which is pair by pair.
 */
export function costLimitRule(maxCost: number): ValidationRule {
  return (context): ASTVisitor => ({
    OperationDefinition(operation) {
      const type = context.getSchema().getRootType(operation.operation)
      const cost = type ? new CostCounter(context).ofSelections(operation.selectionSet, type) : 0
      COSTS.set(operation, cost)
      if (cost <= maxCost) return
      context.reportError(
        new GraphQLError(
          `This operation could bring ${cost.toLocaleString('en')} things, more than ${maxCost.toLocaleString('en')}. Ask for smaller pages, or less at once.`,
          { nodes: [operation], extensions: { code: 'BAD_USER_INPUT' } },
        ),
      )
    },
  })
}

class CostCounter {
  readonly #context: ValidationContext
  /** Each fragment is counted once; one that is being counted spreads itself, which another rule refuses. */
  readonly #fragments = new Map<string, number>()

  constructor(context: ValidationContext) {
    this.#context = context
  }

  ofSelections({ selections }: SelectionSetNode, type: GraphQLNamedType): number {
    let cost = 0
    const times = new Map<string, number>()
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += repeat(times, selection)
      if (selection.kind === Kind.FIELD) cost += this.#ofField(selection, type)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.#ofFragment(selection.name.value)
      else {
        const condition = selection.typeCondition?.name.value
        cost += this.ofSelections(selection.selectionSet, this.#typeOf(condition) ?? type)
      }
    }
    return cost
  }

  #ofFragment(name: string): number {
    const known = this.#fragments.get(name)
    if (known !== undefined) return known
    this.#fragments.set(name, 0)
    const fragment: FragmentDefinitionNode | null | undefined = this.#context.getFragment(name)
    const type = this.#typeOf(fragment?.typeCondition.name.value)
    const cost = fragment && type ? this.ofSelections(fragment.selectionSet, type) : 0
    this.#fragments.set(name, cost)
    return cost
  }

  #ofField(field: FieldNode, type: GraphQLNamedType): number {
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined
    const fieldType = definition && getNamedType(definition.type)
    const fixed = FIXED_COSTS[`${type.name}.${field.name.value}`]
    if (fixed !== undefined) return fixed
    const own = DEAR_FIELDS[`${type.name}.${field.name.value}`] ?? 1
    if (!field.selectionSet || !fieldType || !isCompositeType(fieldType)) return own
    const paged = definition.args.find((argument) => argument.name === 'first')
    if (type.name === 'Query' && field.name.value === 'nodes')
      return own + this.ofSelections(field.selectionSet, fieldType) * countIds(field)
    const isPlainList = isListType('ofType' in definition.type ? definition.type.ofType : definition.type)
    const under = this.ofSelections(field.selectionSet, fieldType)
    if (paged) return own + under * pageSizeOf(field, Number(paged.defaultValue ?? LARGEST_PAGE))
    // Edges and nodes of a page are as many as the page, which was counted above them.
    const isOfPage = type.name.endsWith('Connection')
    const length = LONG_LISTS[`${type.name}.${field.name.value}`] ?? USUAL_LIST
    return own + under * (isPlainList && !isOfPage ? length : 1)
  }

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#context.getSchema().getType(name)
  }
}

/** @returns how often the name that a field has in the answer stood before it */
function repeat(times: Map<string, number>, { alias, name }: FieldNode): number {
  const key = (alias ?? name).value
  const before = times.get(key) ?? 0
  times.set(key, before + 1)
  return before
}

/** As many as are written down; the most there may be where a variable has them. */
function countIds(field: FieldNode): number {
  const given = field.arguments?.find((argument) => argument.name.value === 'ids')?.value
  return given?.kind === Kind.LIST ? given.values.length : LARGEST_PAGE
}

function pageSizeOf(field: FieldNode, byDefault: number): number {
  const given = field.arguments?.find((argument) => argument.name.value === 'first')?.value
  if (!given) return byDefault
  return given.kind === Kind.INT ? Math.max(0, Number(given.value)) : LARGEST_PAGE
}
