// GELU.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkArguments, choice, optionsOf } from '../core/check.ts';
import { Activation } from './activation.ts';

/** Settings of `GELU`. */
export interface GELUOptions {
  /** 'none': Φ by erf. 'tanh': ½ (1 + tanh(√(2/π) (x + 0.044715 x³))) in its place. Default 'none', as in PyTorch. */
  approximate?: 'none' | 'tanh';
}

/**
 * y = x · Φ(x), with Φ the normal distribution (Hendrycks and Gimpel 2016). Backward: dx = dy · (Φ(x) + x · φ(x)), a function
 * of x, not of y as with the other activations. Book: not in it.
 */
export class GELU extends Activation {
  /** 'GELU'. */
  readonly name = 'GELU';
  protected override readonly keepsInput = true;
  /** The exact function, or its approximation by tanh. */
  readonly approximate: 'none' | 'tanh';
  readonly #tanh: number;

  /** @throws TypeError where an option is unknown or has another value */
  constructor(options: GELUOptions = {}) {
    super();
    checkArguments('GELU', arguments, { options: optionsOf<GELUOptions>({ approximate: choice('none', 'tanh') }) });
    const { approximate = 'none' } = options;
    this.approximate = approximate;
    this.#tanh = +(approximate === 'tanh');
  }

  protected apply(kernels: Kernels, n: number, x: Pointer, y: Pointer): void {
    kernels.gelu(n, this.#tanh, x, y);
  }

  protected differentiate(kernels: Kernels, n: number, x: Pointer, dy: Pointer, dx: Pointer): void {
    kernels.geluBackward(n, this.#tanh, x, dy, dx);
  }
}
