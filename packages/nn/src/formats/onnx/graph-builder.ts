// Weights on their way into a graph.
import type { StateDict, StateEntry, StateTensor } from '../../core/state-dict.ts';
import type { Graph } from './graph.ts';

/** Where nodes go, and where the weights come from. */
export interface GraphBuilder {
  readonly graph: Graph;
  readonly state: StateDict;
}

/** The numbers of a parameter or a statistic. @throws RangeError where the state has none of that name */
export function toFloats({ state }: GraphBuilder, { name }: StateEntry): StateTensor {
  const found = Object.hasOwn(state, name) ? state[name] : undefined;
  if (found) return found;
  throw new RangeError(`[exportOnnx] expected the state to have ${name} but it has not`);
}

/** A parameter or a statistic as a tensor of the graph, under its own name. */
export function addInitializer(builder: GraphBuilder, stored: StateEntry): string {
  const { shape, data } = toFloats(builder, stored);
  return builder.graph.floats(stored.name, shape, data);
}
