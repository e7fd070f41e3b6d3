// Groups of parameters, each with options of its own.
import * as is from '../core/check.ts';
import type { Parameter } from '../core/parameter.ts';

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** Learning rate η. */
  lr?: number;
  /** λ of weight decay. Default 0. */
  weightDecay?: number;
  /** Whether biases and norms decay too, as in PyTorch. Default false: weights only. */
  decayBiases?: boolean;
}

/** Parameters with options of their own. An option that is left out is that of the optimizer. */
export type ParamGroupOptions<O extends OptimizerOptions = OptimizerOptions> = Partial<O> & {
  /** Each parameter belongs to one group. */
  params: readonly Parameter[];
};

/** What an optimizer moves: parameters, as `model.parameters()` gives them, or groups of parameters. */
export type ParametersOrGroups<O extends OptimizerOptions> = readonly Parameter[] | readonly ParamGroupOptions<O>[];

/** A group with all of its options. Only `lr` and `initialLr` can be changed. PyTorch: an entry of `param_groups`. */
export type ParamGroup<O extends OptimizerOptions = OptimizerOptions> = Readonly<Required<O>> & {
  /** Its parameters. */
  readonly params: readonly Parameter[];
  /** Learning rate η of the group. */
  lr: number;
  /** The rate that schedules count from: `lr` when the first schedule was made; undefined before. */
  initialLr: number | undefined;
};

/** Rules of `OptimizerOptions`. */
export const optimizerRules: is.Rules<OptimizerOptions> = {
  lr: is.nonNegative,
  weightDecay: is.nonNegative,
  decayBiases: is.boolean,
};

/**
 * Returns the groups that the arguments of an optimizer, `(parameters or groups, options)`, describe.
 * @throws TypeError where an argument is none of these, RangeError where an option is out of its range, a group is empty or a parameter
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

/** Its options are frozen; its rates are not. A step reads numbers of a class without allocating. */
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

  /** All options, rates included, and the names of the parameters, as `console.log` prints them in Node. */
  [is.inspectSymbol](): string {
    const { lr, initialLr } = this;
    const { params, ...options } = this;
    return is.inspectText('ParamGroup', { lr, initialLr, ...options, params: params.map(({ name }) => name) });
  }
}

/** @throws RangeError where none learns, a group is empty or a parameter is given twice */
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

/** @throws RangeError where a group asks for weight decay of parameters that do not decay */
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
