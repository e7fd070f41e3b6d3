// The base class of Linear and Conv2d: a weight, a bias and their initializers.
import { boolean, type Rules } from '../core/check.ts';
import { type Initializer, initialize, initializer, kaimingNormal, zeros } from '../core/init.ts';
import { Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import { BufferedLayer, type FusedActivation } from './layer.ts';

/** Options of the parameters of `Linear` and `Conv2d`. */
export interface WeightOptions {
  /** Default `kaimingNormal()`. */
  weightInit?: Initializer;
  /** Default `zeros()`. */
  biasInit?: Initializer;
  /** Whether there is a bias. Default true. */
  bias?: boolean;
}

/** The rules of `WeightOptions`. */
export const weightRules: Rules<WeightOptions> = { weightInit: initializer, biasInit: initializer, bias: boolean };

/** What distinguishes the parameters of one class from those of another. */
interface WeightShape {
  /** In memory. */
  readonly shape: readonly number[];
  /** Whether it is the transpose of PyTorch's. */
  readonly transposed: boolean;
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Base class of `Linear` and `Conv2d`. */
export abstract class WeightedLayer extends BufferedLayer {
  /** W: (In, Out) of `Linear`, (Out, In) in a state dict; (O, C, K, K) of `Conv2d`. */
  readonly weight: Parameter;
  /** b, one number per unit or channel of output, or null without a bias. */
  readonly bias: Parameter | null;
  /** `relu`, which is applied together with the bias; none without a bias. */
  override readonly fusibleActivations: readonly FusedActivation[];
  readonly #options: WeightOptions;
  readonly #fans: { readonly fanIn: number; readonly fanOut: number };

  protected constructor(outputs: number, { shape, transposed, ...fans }: WeightShape, options: WeightOptions) {
    super();
    const { bias = true } = options;
    this.weight = new Parameter('weight', shape, { decay: true, transposed });
    this.bias = bias ? new Parameter('bias', [outputs], { decay: false }) : null;
    this.fusibleActivations = bias ? ['relu'] : [];
    this.#options = { ...options };
    this.#fans = fans;
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    const { weightInit = kaimingNormal(), biasInit = zeros() } = this.#options;
    // The bias has a stream even if it is absent, so that other layers draw the same numbers.
    const [weights, biases] = [streams.take('weights'), streams.take('weights')];
    initialize(this.name, weightInit, this.weight.value, { ...this.#fans, rng, stream: weights });
    if (this.bias) initialize(this.name, biasInit, this.bias.value, { ...this.#fans, rng, stream: biases });
  }
}
