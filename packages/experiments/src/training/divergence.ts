// Finds the tensor of a diverged model that became non-finite first. The model is not changed.
import { type Sequential, type Tensor, withRestoredState } from '@descent/nn';
import type { NonFinite } from './task.ts';

/** Searches an update after a finite loss: gradients in the order of the backward pass, then parameters. */
export function findNonFiniteInUpdate(model: Sequential): NonFinite | undefined {
  const parameters = model.layers.flatMap((layer) => layer.parameters().map((each) => ({ layer: layer.name, each })));
  const gradient = parameters.toReversed().find(({ each }) => !isAllFinite(each.grad));
  if (gradient) return { layer: gradient.layer, tensor: `${gradient.each.name}.grad` };
  const parameter = parameters.find(({ each }) => !isAllFinite(each.value));
  return parameter && { layer: parameter.layer, tensor: parameter.each.name };
}

/**
 * Searches a forward pass: the first layer whose output is not finite, or else the loss.
 * @param step number of training passes of the model before the pass that is repeated
 */
export function findNonFiniteInForward(model: Sequential, inputs: Tensor, step: number): NonFinite {
  const index = withRestoredState(model, () => {
    model.step = step;
    let x = inputs;
    return model.layers.findIndex((layer, i) => {
      // With the fused ReLU of the model's own pass: values that it makes 0 were never stored.
      x = layer.forward(x, model.fusedActivation(i));
      return !isAllFinite(x);
    });
  });
  const layer = model.layers[index];
  return layer ? { layer: layer.name, tensor: `${index}.output` } : { layer: 'CrossEntropyLoss', tensor: 'loss' };
}

function isAllFinite({ device, size, pointer }: Tensor): boolean {
  return device.kernels.firstNonFinite(size, pointer) < 0;
}
