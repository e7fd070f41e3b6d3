// Groups of parameters, each with its own options.
import * as is from '../core/check.ts';
import type { Parameter } from '../core/parameter.ts';

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** Learning rate η. */
  lr?: number;
  /** λ of weight decay. Default 0. */
  weightDecay?: number;
  /** Whether weight decay applies to biases and norms too, as in PyTorch. Default false. */
  decayBiases?: boolean;
}

/** Parameters with their own options. The default of each option is that of the optimizer. */
export type ParamGroupOptions<O extends OptimizerOptions = OptimizerOptions> = Partial<O> & {
  /** The parameters. Each belongs to one group. */
  params: readonly Parameter[];
};

/** Parameters, as `model.parameters()` returns them, or groups of parameters. */
export type ParametersOrGroups<O extends OptimizerOptions> = readonly Parameter[] | readonly ParamGroupOptions<O>[];

/** A group with all of its options. Only `lr` and `initialLr` can be changed. PyTorch: an entry of `param_groups`. */
export type ParamGroup<O extends OptimizerOptions = OptimizerOptions> = Readonly<Required<O>> & {
  /** Its parameters. */
  readonly params: readonly Parameter[];
  /** Learning rate η of the group. */
  lr: number;
  /** The learning rate when the first schedule was created; undefined before. */
  initialLr: number | undefined;
};

/** The rules of `OptimizerOptions`. */
export const optimizerRules: is.Rules<OptimizerOptions> = {
  lr: is.nonNegative,
  weightDecay: is.nonNegative,
  decayBiases: is.boolean,
};

/**
 * Creates the groups from the arguments of an optimizer, `(parameters or groups, options)`.
 * @throws TypeError if an argument has a wrong type, RangeError if an option is out of its range, a group is empty or a parameter
 * is given twice
 */
export function createParamGroups<O extends OptimizerOptions>(
  who: string,
  given: ArrayLike<unknown>,
  rules: is.Rules<O>,
  defaults: Partial<O>,
): readonly ParamGroup<O>[] {
  const [first, options] = [given[0] as ParametersOrGroups<O>, given[1] as Partial<O> | undefined];
  const areGroups = Array.isArray(first) && first.some((each) => Object.hasOwn(Object(each), 'params'));
  const group = is.optionsOf({ params: is.parametersLike, ...rules } as is.Rules<ParamGroupOptions<O>>, ['params']);
  const parameters = areGroups ? is.listOf('groups of parameters', group) : is.parametersLike;
  is.checkArguments(who, given, { parameters, options: is.optionsOf(rules) });
  const groups = areGroups ? (first as ParamGroupOptions<O>[]) : [{ params: first } as ParamGroupOptions<O>];
  checkParameters(who, groups);
  return Object.freeze(
    groups.map((own) => {
      const names = Object.keys(rules) as (keyof O)[];
      const all = Object.fromEntries(names.map((name) => [name, own[name] ?? options?.[name] ?? defaults[name]]));
      checkDecay(who, own, all);
      return new Group(who, own.params, all) as unknown as ParamGroup<O>;
    }),
  );
}

/** A group whose options are read-only except for the learning rates. A class, so that reading a number does not allocate. */
class Group {
  readonly params: readonly Parameter[];
  readonly #who: string;
  #lr: number;
  #initialLr: number | undefined;

  constructor(who: string, params: readonly Parameter[], { lr, ...options }: OptimizerOptions) {
    is.check(who, 'lr', lr, is.nonNegative);
    this.params = Object.freeze([...params]);
    this.#who = who;
    this.#lr = lr as number;
    Object.freeze(Object.assign(this, options));
  }

  get lr(): number {
    return this.#lr;
  }

  set lr(lr: number) {
    is.check(this.#who, 'lr', lr, is.nonNegative);
    this.#lr = lr;
  }

  get initialLr(): number | undefined {
    return this.#initialLr;
  }

  set initialLr(lr: number | undefined) {
    if (lr !== undefined) is.check(this.#who, 'initialLr', lr, is.nonNegative);
    this.#initialLr = lr;
  }

  /** Returns the text that `console.log` prints in Node: all options, and the names of the parameters. */
  [is.inspectSymbol](): string {
    const { lr, initialLr } = this;
    const { params, ...options } = this;
    return is.inspectText('ParamGroup', { lr, initialLr, ...options, params: params.map(({ name }) => name) });
  }
}

/** @throws RangeError if all parameters are frozen, a group is empty or a parameter is given twice */
function checkParameters(who: string, groups: readonly ParamGroupOptions[]): void {
  const all = groups.flatMap(({ params }) => params);
  const empty = groups.findIndex(({ params }) => params.length === 0);
  if (!all.some(({ requiresGrad }) => requiresGrad) || empty >= 0) {
    const none = all.length === 0 ? 'none' : `none in group ${empty}`;
    const got = empty < 0 ? 'frozen ones alone; set requiresGrad of those that are to learn' : none;
    throw new RangeError(`[${who}] expected parameters but got ${got}`);
  }
  const twice = all.find((each, index) => all.indexOf(each) !== index);
  if (twice) throw new RangeError(`[${who}] expected every parameter once but got ${twice.name} twice`);
}

/** @throws RangeError if a group has weight decay but only parameters to which it does not apply */
function checkDecay(
  who: string,
  { params, weightDecay = 0 }: ParamGroupOptions,
  { decayBiases }: OptimizerOptions,
): void {
  if (weightDecay === 0 || decayBiases || params.some(({ decay }) => decay)) return;
  throw new RangeError(
    `[${who}] expected weights in a group with weightDecay ${weightDecay} but got biases and norms alone, which do not decay; add decayBiases: true`,
  );
}
