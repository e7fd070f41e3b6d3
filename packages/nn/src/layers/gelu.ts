// GELU.
import type { Device, Kernels } from '@descent/kernels';
import { after, batchOf, checkBatch, type Layer } from '../layer.ts';
import type { Parameter } from '../parameter.ts';
import type { Tensor } from '../tensor.ts';

export interface GELUOptions {
  /** 'none': Φ by erf. 'tanh': ½ (1 + tanh(√(2/π) (x + 0.044715 x³))) in its place. Default 'none', as in PyTorch. */
  approximate?: 'none' | 'tanh';
}

interface Plan {
  kernels: Kernels;
  inputShape: readonly number[];
  batchSize: number;
  y: Tensor;
  dx: Tensor | null;
}

/**
 * y = x · Φ(x), with Φ the normal distribution (Hendrycks and Gimpel 2016). Backward: dx = dy · (Φ(x) + x · φ(x)), a function
 * of x, not of y as with the other activations. Book: not in it.
 */
export class GELU implements Layer {
  readonly name = 'GELU';
  training = true;
  readonly #tanh: number;
  #plan: Plan | undefined;
  #x: Tensor | undefined;

  constructor({ approximate = 'none' }: GELUOptions = {}) {
    this.#tanh = +(approximate === 'tanh');
  }

  parameters(): Parameter[] {
    return [];
  }

  layOut(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const y = batchOf(device, batchSize, inputShape);
    const dx = needsInputGradient ? batchOf(device, batchSize, inputShape) : null;
    this.#plan = { kernels: device.kernels, inputShape, batchSize, y, dx };
    return inputShape;
  }

  initialise(): void {}

  forward(x: Tensor): Tensor {
    const { kernels, inputShape, batchSize, y } = after('GELU', 'layOut', this.#plan);
    checkBatch('GELU', x, inputShape, batchSize);
    this.#x = x;
    y.shape[0] = x.shape[0] as number;
    kernels.gelu(x.size, this.#tanh, x.pointer, y.pointer);
    return y;
  }

  backward(dy: Tensor): Tensor | null {
    const { kernels, dx } = after('GELU', 'layOut', this.#plan);
    const x = after('GELU', 'forward', this.#x);
    if (!dx) return null;
    dx.shape[0] = x.shape[0] as number;
    kernels.geluBackward(x.size, this.#tanh, x.pointer, dy.pointer, dx.pointer);
    return dx;
  }
}
