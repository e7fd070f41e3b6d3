// What can be added to the figures of a run: other seeds, other runs, a logarithmic axis, marks of a claim.
export { collectValues, findDifferences, type ValuesByName } from '../record/differences.ts';
export { type Ghost, withGhosts } from './ghosts.ts';
export { toLogScale } from './log-scale.ts';
export { markFigures } from './marks.ts';
export { figuresOver } from './over-seeds.ts';
