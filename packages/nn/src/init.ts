// Initialisers: a function of options gives a function that fills a tensor.
import { callable, refuse } from './check.ts';
import type { Rng } from './random.ts';
import type { Tensor } from './tensor.ts';

/** What an initialiser may use: fans in connections of one unit, the generator, and the tensor's own stream. */
export interface InitContext {
  /** Connections into one unit. */
  fanIn: number;
  /** Connections out of one unit. */
  fanOut: number;
  /** The generator of the model's seed. */
  rng: Rng;
  /** The random numbers of this tensor alone. */
  stream: number;
}

/** Fills a parameter before training. */
export type Initialiser = (tensor: Tensor, context: InitContext) => void;

const WANTED = 'an initialiser, such as kaimingNormal(),';
export const initialiser = callable(WANTED);

/**
 * Fills a parameter of a layer.
 * @throws TypeError where the initialiser is `normal` in place of `normal()`
 */
export function fillBy(who: string, initialiser: Initialiser, tensor: Tensor, context: InitContext): void {
  const left: unknown = initialiser(tensor, context);
  if (left !== undefined) refuse(TypeError, who, WANTED, initialiser, typeof left === 'function' ? '; call it' : '');
}

/** Every element 0. */
export const zeros = (): Initialiser => constant(0);

/** Every element 1. */
export const ones = (): Initialiser => constant(1);

/** Every element `value`. */
export function constant(value: number): Initialiser {
  return (tensor) => tensor.device.kernels.fill(tensor.size, value, tensor.pointer);
}

/** N(mean, std²). Book: `weight_init_std`. */
export function normal({ mean = 0, std = 1 }: { mean?: number; std?: number } = {}): Initialiser {
  return (tensor, { rng, stream }) => rng.normal(tensor, { stream, mean, std });
}

/** U[low, high). */
export function uniform({ low = 0, high = 1 }: { low?: number; high?: number } = {}): Initialiser {
  return (tensor, { rng, stream }) => rng.uniform(tensor, { stream, low, high });
}

const scaledNormal =
  (stdOf: (fanIn: number, fanOut: number) => number): Initialiser =>
  (tensor, { fanIn, fanOut, rng, stream }) =>
    rng.normal(tensor, { stream, std: stdOf(fanIn, fanOut) });

const scaledUniform =
  (boundOf: (fanIn: number, fanOut: number) => number): Initialiser =>
  (tensor, { fanIn, fanOut, rng, stream }) => {
    const bound = boundOf(fanIn, fanOut);
    rng.uniform(tensor, { stream, low: -bound, high: bound });
  };

/** N(0, 2/fanIn), for ReLU (He et al. 2015, section 2.2). Book: 'he', 'relu'. */
export const kaimingNormal = (): Initialiser => scaledNormal((fanIn) => Math.sqrt(2 / fanIn));

/** U[−b, b) with b = √(6/fanIn): the variance of `kaimingNormal`. */
export const kaimingUniform = (): Initialiser => scaledUniform((fanIn) => Math.sqrt(6 / fanIn));

/** N(0, 2/(fanIn + fanOut)), for tanh (Glorot and Bengio 2010, equation 12). Not the book's 'xavier': see `lecunNormal`. */
export const xavierNormal = (): Initialiser => scaledNormal((fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)));

/** U[−b, b) with b = √(6/(fanIn + fanOut)) (Glorot and Bengio 2010, equation 16). */
export const xavierUniform = (): Initialiser => scaledUniform((fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)));

/** N(0, 1/fanIn) (LeCun et al. 1998, "Efficient BackProp", section 4.6). Book: 'xavier', 'sigmoid'. */
export const lecunNormal = (): Initialiser => scaledNormal((fanIn) => Math.sqrt(1 / fanIn));
