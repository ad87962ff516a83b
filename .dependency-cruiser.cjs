/** The directions of imports between the houses (README, "The house"). */
const only = (house, allowed) => ({
  name: `${house}-imports-only-${allowed.length ? allowed.join('-') : 'nothing-of-ours'}`,
  severity: 'error',
  from: { path: `^${house}/` },
  to: {
    path: '^(contract|logging|prisma|storage|server|workers|web|scripts|test)/',
    pathNot: `^(${[house, ...allowed].join('|')})/`,
  },
})

module.exports = {
  forbidden: [
    only('contract', []),
    only('logging', []),
    only('storage', ['contract']),
    only('prisma', ['contract']),
    only('server', ['contract', 'logging', 'prisma', 'storage']),
    only('workers', ['contract', 'logging', 'prisma', 'storage']),
    only('web', []),
    {
      name: 'engine-knows-no-product',
      comment: 'The engine is TensorFlow and the contract: no database, no queue, no storage.',
      severity: 'error',
      from: { path: '^workers/engine/' },
      to: {
        path: ['^(logging|prisma|storage|workers/(?!engine/))', '^node_modules/(@prisma|pg|bullmq|ioredis)/'],
      },
    },
    {
      name: 'tensorflow-only-in-the-engine',
      comment:
        'Whoever imports it pays 400 MB and a blocked event loop; only the training process does. A browser has its own.',
      severity: 'error',
      from: {
        path: '^(contract|logging|prisma|storage|server|web|scripts|workers/(?!engine/))',
        pathNot: '^(scripts/setup/verify-binding\\.mjs$|web/features/try/)',
      },
      to: { path: '^node_modules/@tensorflow/' },
    },
    {
      name: 'architectures-know-no-loop',
      severity: 'error',
      from: { path: '^workers/engine/(architectures|teaching|optimizers|batches)/' },
      to: { path: '^workers/engine/train\\.ts$' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      from: { path: '^(contract|logging|prisma|storage|server|workers|web)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(generated|\\.next)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
