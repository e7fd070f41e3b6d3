// Temporary use of a model.
import { callable, checkArguments, having, refuse } from './core/check.ts';
import type { Layer } from './layers/layer.ts';

/** A layer that may contain layers, and may have the output of a forward pass. */
type AnyLayer = Layer & { readonly layers?: readonly AnyLayer[]; forgetForward?(): void };

/**
 * Calls `work`, then restores the mode and the step of each layer and all running statistics, even if `work` throws. Outputs are
 * overwritten: `backward` needs a new `forward` afterwards.
 */
export function withRestoredState<T>(model: Layer, work: () => T): T {
  checkArguments('withRestoredState', arguments, { model: having('allocate', 'a model'), work: callable() });
  const states = allLayers(model).map((layer) => ({ layer, training: layer.training, step: layer.step }));
  const buffers = (model.buffers?.() ?? []).map(({ value }) => ({ value, copy: value.data.slice() }));
  try {
    const result = work();
    if (result instanceof Promise) refuse(TypeError, 'withRestoredState', 'work that ends before it returns', result);
    return result;
  } finally {
    // A model also sets its layers, which come after it.
    for (const { layer, training, step } of states) {
      layer.training = training;
      if (step !== undefined) layer.step = step;
      layer.forgetForward?.();
    }
    for (const { value, copy } of buffers) value.data.set(copy);
  }
}

function allLayers(layer: AnyLayer): AnyLayer[] {
  return [layer, ...(layer.layers ?? []).flatMap(allLayers)];
}
