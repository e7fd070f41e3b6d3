// The arrows of the house: kernels ← nn ← experiments ← {cli, web}. Nothing skips a step, runs back or goes in a circle.

/** Who may import which package, itself aside. */
const below = { kernels: [], nn: ['kernels'], experiments: ['nn'], cli: ['experiments'], web: ['experiments'] };

const arrows = Object.entries(below).map(([name, allowed]) => ({
  name: `${name}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^packages/${name}/` },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      comment: 'Not even of types: a reader has to begin somewhere.',
      to: { circular: true },
    },
    {
      name: 'no-core-modules-of-node',
      comment: 'They run in browsers too.',
      severity: 'error',
      from: { path: '^packages/(kernels|nn|experiments|web)/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'other-packages-by-name',
      comment: 'A relative import across packages goes around what the package exports.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'declared',
      comment: 'Every package names what it imports in its own package.json.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'sources-do-not-import-tests-or-tools',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^(test/|scripts/|packages/[^/]+/(test|bench|scripts)/)' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|assembly)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@descent/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
