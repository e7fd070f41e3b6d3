// Work on a model that leaves no trace in it.
import { callable, checkArguments, having } from './core/check.ts';
import type { Layer } from './layers/layer.ts';

/** A layer that may hold others, and may have the output of a forward pass for `backward`. */
type AnyLayer = Layer & { readonly layers?: readonly AnyLayer[]; forgetForward?(): void };

/**
 * Runs `work`, then restores the mode and the step of each layer and all running statistics, also where it throws. Outputs are
 * overwritten: `backward` needs a new `forward` afterwards.
 */
export function withRestoredState<T>(model: Layer, work: () => T): T {
  checkArguments('withRestoredState', arguments, { model: having('allocate', 'a model'), work: callable() });
  const states = layersIn(model).map((layer) => ({ layer, training: layer.training, step: layer.step }));
  const statistics = (model.buffers?.() ?? []).map(({ value }) => ({ value, copy: value.data.slice() }));
  try {
    return work();
  } finally {
    // A model sets the layers in it, which come after it.
    for (const { layer, training, step } of states) {
      layer.training = training;
      if (step !== undefined) layer.step = step;
      layer.forgetForward?.();
    }
    for (const { value, copy } of statistics) value.data.set(copy);
  }
}

function layersIn(layer: AnyLayer): AnyLayer[] {
  return [layer, ...(layer.layers ?? []).flatMap(layersIn)];
}
