// Which tensor of a model ceased to be finite first? Asked once, after an arm has diverged; nothing is changed by asking.
import { type Sequential, type Tensor, withRestoredState } from '@descent/nn';
import type { NonFinite } from './task.ts';

/** In an update after a finite loss: gradients in the order in which the backward pass writes them, then parameters. */
export function findInUpdate(model: Sequential): NonFinite | undefined {
  const parameters = model.layers.flatMap((layer) => layer.parameters().map((each) => ({ layer: layer.name, each })));
  const found = parameters.toReversed().find(({ each }) => !isWhole(each.grad));
  if (found) return { layer: found.layer, tensor: `${found.each.name}.grad` };
  const moved = parameters.find(({ each }) => !isWhole(each.value));
  return moved && { layer: moved.layer, tensor: moved.each.name };
}

/**
 * In a forward pass: the first layer whose output is not finite, or the loss after all of them.
 * @param step the model's count of training passes before the pass that is repeated
 */
export function findInForward(model: Sequential, inputs: Tensor, step: number): NonFinite {
  const index = withRestoredState(model, () => {
    model.step = step;
    return firstNonFiniteOutput(model, inputs);
  });
  const layer = model.layers[index];
  return layer ? { layer: layer.name, tensor: `${index}.output` } : { layer: 'CrossEntropyLoss', tensor: 'loss' };
}

/** −1 where all are finite. */
function firstNonFiniteOutput(model: Sequential, inputs: Tensor): number {
  let x = inputs;
  return model.layers.findIndex((layer, index) => {
    // As in the pass of the model: what a fused ReLU makes 0 was never stored.
    x = layer.forward(x, model.fusedActivation(index));
    return !isWhole(x);
  });
}

function isWhole({ device, size, pointer }: Tensor): boolean {
  return device.kernels.firstNonFinite(size, pointer) < 0;
}
