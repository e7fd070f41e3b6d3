// Initializers: functions that fill a parameter before training.
import { checkArguments, finite, nonNegative, optionsOf, type Rule, refuse } from './check.ts';
import { checkInterval, type Rng } from './random.ts';
import type { Tensor } from './tensor.ts';

/** The inputs of an initializer. */
export interface InitContext {
  /** Number of inputs of one unit. */
  fanIn: number;
  /** Number of outputs of one unit. */
  fanOut: number;
  /** The random number generator of the model's seed. */
  rng: Rng;
  /** The stream of random numbers of this tensor. */
  stream: number;
}

/** Fills a parameter before training. */
export type Initializer = (tensor: Tensor, context: InitContext) => void;

const WANTED = 'an initializer, such as kaimingNormal(),';
/** The rule of an initializer. The functions that create one, such as `normal` without `()`, are refused. */
export const initializer: Rule = (who, name, value) => {
  if (typeof value === 'function' && !makers.has(value)) return;
  refuse(TypeError, who, `${name} to be ${WANTED}`, value, makers.has(value) ? '; call it' : '');
};

/** Fills a parameter of a layer. @throws TypeError if the initializer returns something, such as a promise */
export function initialize(who: string, initializer: Initializer, tensor: Tensor, context: InitContext): void {
  const result: unknown = initializer(tensor, context);
  if (result !== undefined) refuse(TypeError, who, `${WANTED} which returns nothing,`, result);
}

/** Sets every element to 0. */
export function zeros(): Initializer {
  checkArguments('zeros', arguments, {});
  return constant(0);
}

/** Sets every element to 1. */
export function ones(): Initializer {
  checkArguments('ones', arguments, {});
  return constant(1);
}

/** Sets every element to `value`. */
export function constant(value: number): Initializer {
  checkArguments('constant', arguments, { value: finite });
  return (tensor) => tensor.device.kernels.fill(tensor.size, value, tensor.pointer);
}

/** N(mean, std²). Book: `weight_init_std`. */
export function normal(options: { mean?: number; std?: number } = {}): Initializer {
  checkArguments('normal', arguments, { options: optionsOf<typeof options>({ mean: finite, std: nonNegative }) });
  const { mean = 0, std = 1 } = options;
  return (tensor, { rng, stream }) => rng.normal(tensor, { stream, mean, std });
}

/** U[low, high). @throws RangeError if low is above high */
export function uniform(options: { low?: number; high?: number } = {}): Initializer {
  checkArguments('uniform', arguments, { options: optionsOf<typeof options>({ low: finite, high: finite }) });
  const { low = 0, high = 1 } = options;
  checkInterval('uniform', low, high);
  return (tensor, { rng, stream }) => rng.uniform(tensor, { stream, low, high });
}

type FromFans = (fanIn: number, fanOut: number) => number;

function scaledNormal(who: string, given: IArguments, getStd: FromFans): Initializer {
  checkArguments(who, given, {});
  return (tensor, { fanIn, fanOut, rng, stream }) => rng.normal(tensor, { stream, std: getStd(fanIn, fanOut) });
}

function scaledUniform(who: string, given: IArguments, getBound: FromFans): Initializer {
  checkArguments(who, given, {});
  return (tensor, { fanIn, fanOut, rng, stream }) => {
    const bound = getBound(fanIn, fanOut);
    rng.uniform(tensor, { stream, low: -bound, high: bound });
  };
}

/** N(0, 2/fanIn), for ReLU (He et al. 2015, section 2.2). Book: 'he', 'relu'. */
export function kaimingNormal(): Initializer {
  return scaledNormal('kaimingNormal', arguments, (fanIn) => Math.sqrt(2 / fanIn));
}

/** U[−b, b) with b = √(6/fanIn): the variance of `kaimingNormal`. */
export function kaimingUniform(): Initializer {
  return scaledUniform('kaimingUniform', arguments, (fanIn) => Math.sqrt(6 / fanIn));
}

/** N(0, 2/(fanIn + fanOut)), for tanh (Glorot and Bengio 2010, equation 12). The book's 'xavier' is `lecunNormal`. */
export function xavierNormal(): Initializer {
  return scaledNormal('xavierNormal', arguments, (fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)));
}

/** U[−b, b) with b = √(6/(fanIn + fanOut)) (Glorot and Bengio 2010, equation 16). */
export function xavierUniform(): Initializer {
  return scaledUniform('xavierUniform', arguments, (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)));
}

/** N(0, 1/fanIn) (LeCun et al. 1998, "Efficient BackProp", section 4.6). Book: 'xavier', 'sigmoid'. */
export function lecunNormal(): Initializer {
  return scaledNormal('lecunNormal', arguments, (fanIn) => Math.sqrt(1 / fanIn));
}

const makers: ReadonlySet<unknown> = new Set([
  zeros,
  ones,
  constant,
  normal,
  uniform,
  kaimingNormal,
  kaimingUniform,
  xavierNormal,
  xavierUniform,
  lecunNormal,
]);
