// The base class of all optimizers: segments of memory, state and state dicts.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import * as is from '../core/check.ts';
import { type Parameter, totalSize } from '../core/parameter.ts';
import { Tensor } from '../core/tensor.ts';
import { createParamGroups, type OptimizerOptions, type ParamGroup } from './param-groups.ts';
import { createSegments, type Segment, type TrainedParameter } from './segment.ts';

/** The state of an optimizer: flat tensors in the order of its segments, and numbers. */
export interface OptimizerState {
  /** One element per parameter element, such as `velocity`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Numbers of a group, such as β₁ᵗ. Names of the second group end in `.1`, and so on: `beta1Power.1`, `lr.1`. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** A copy of the state in JavaScript memory: all that a step changes, and the learning rate. */
export interface OptimizerStateDict {
  /** Learning rate η; of several groups, that of the first. */
  lr: number;
  /** One element per parameter element, such as `velocity`. */
  tensors: Record<string, Float32Array>;
  /** Numbers of a group, such as β₁ᵗ; with several groups also their sizes and learning rates. */
  scalars: Record<string, number>;
}

const STATE = {
  state: is.optionsOf<OptimizerStateDict>(
    {
      lr: is.nonNegative,
      tensors: is.recordOf('an object of arrays', is.floatsLike),
      // May be below float32, as β₁ᵗ becomes.
      scalars: is.recordOf('an object of numbers', is.number),
    },
    ['lr', 'tensors', 'scalars'],
  ),
};

/**
 * Base class of optimizers. Create it after `model.to(device, …)`; a step allocates nothing. A step skips parameters whose
 * `requiresGrad` is false and their state. Parameters that are frozen at creation are never trained.
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  /** The groups of parameters with their options; one group for a list of parameters. */
  readonly paramGroups: readonly ParamGroup<O>[];
  /** Number of elements of all trained parameters. */
  readonly size: number;
  /** Numbers of each group that a step changes. */
  protected readonly scalars: readonly Record<string, number>[];
  readonly #who: string;
  readonly #device: Device;
  /** In the order of memory. */
  readonly #trained: readonly TrainedParameter<O>[];
  readonly #frozen: readonly Parameter[];
  #segments: readonly Segment<O>[];
  readonly #tensors: Record<string, Tensor> = {};
  /** The last block of state, which an arena releases first. */
  #lastState: Tensor | undefined;

  /**
   * @param who the class, for messages
   * @param given the arguments: parameters or groups, then options
   * @param rules of all options
   * @param defaults of the options that have one
   * @param scalars initial numbers of each group that a step changes
   */
  protected constructor(
    who: string,
    given: ArrayLike<unknown>,
    rules: is.Rules<O>,
    defaults: Partial<O>,
    scalars: Readonly<Record<string, number>> = {},
  ) {
    this.paramGroups = createParamGroups(who, given, rules, { weightDecay: 0, decayBiases: false, ...defaults });
    this.scalars = this.paramGroups.map(() => ({ ...scalars }));
    const all = this.paramGroups.flatMap((group, index) =>
      group.params.map((parameter) => ({ parameter, group, index })),
    );
    const trained = all
      .filter(({ parameter }) => parameter.requiresGrad)
      .map((entry) => ({ ...entry, value: entry.parameter.value, grad: entry.parameter.grad, isFrozen: false }))
      .sort((a, b) => a.value.pointer - b.value.pointer);
    this.#who = who;
    this.#device = (trained[0] as TrainedParameter<O>).value.device;
    for (const { value } of trained) is.checkSameDevice(who, this.#device, value);
    this.#trained = trained;
    this.#frozen = all.map(({ parameter }) => parameter).filter(({ requiresGrad }) => !requiresGrad);
    this.#segments = createSegments(trained);
    this.size = totalSize(trained.map(({ parameter }) => parameter));
  }

  /**
   * Learning rate η; of several groups, that of the first. It may change between steps.
   * @throws RangeError if it is set and there are several groups: set `lr` of each group
   */
  get lr(): number {
    return this.#first.lr;
  }

  /** @throws TypeError or RangeError unless it is a finite number of 0 or more */
  set lr(lr: number) {
    if (this.paramGroups.length > 1) {
      throw new RangeError(
        `[${this.#who}] expected lr to be set in each of paramGroups, since there are ${this.paramGroups.length}, but got ${lr} for all`,
      );
    }
    this.#first.lr = lr;
  }

  get #first(): ParamGroup<O> {
    return this.paramGroups[0] as ParamGroup<O>;
  }

  /**
   * Updates every parameter from its gradient.
   * @returns whether all parameters are still finite
   * @throws RangeError if a parameter that was frozen at creation is no longer frozen, or a parameter has other memory than at creation
   */
  step(): boolean {
    is.checkCount('Optimizer.step', arguments.length, 0);
    // An option set here, and not in paramGroups, would change nothing.
    Object.preventExtensions(this);
    this.#checkMemory();
    this.#checkFrozenUnchanged();
    this.#updateSegments();
    for (let group = 0; group < this.paramGroups.length; group++) this.prepareStep(group);
    let finite = 1;
    for (let index = 0; index < this.#segments.length; index++) {
      finite &= this.update(this.#device.kernels, this.#segments[index] as Segment<O>);
    }
    return finite === 1;
  }

  /** A second `model.to` moves the parameters, and a released arena may give their memory to other tensors. */
  #checkMemory(): void {
    for (let index = 0; index < this.#trained.length; index++) {
      const { parameter, value, grad } = this.#trained[index] as TrainedParameter<O>;
      if (parameter.value === value && parameter.grad === grad && !(this.#lastState ?? grad).isReleased) continue;
      throw new RangeError(
        `[${this.#who}] expected ${parameter.name} in the memory that it had when the optimizer was made, ` +
          'but model.to(device, …) was called since, or the memory was released; make a new optimizer',
      );
    }
  }

  #checkFrozenUnchanged(): void {
    for (let index = 0; index < this.#frozen.length; index++) {
      const { name, requiresGrad } = this.#frozen[index] as Parameter;
      if (!requiresGrad) continue;
      throw new RangeError(
        `[${this.#who}] expected ${name} to stay frozen, as when the optimizer was made, but it is to learn; make a new optimizer`,
      );
    }
  }

  /** Creates the segments again if a parameter was frozen or unfrozen since the last step. */
  #updateSegments(): void {
    let isSame = true;
    for (let index = 0; index < this.#trained.length; index++) {
      const entry = this.#trained[index] as TrainedParameter<O>;
      if (entry.isFrozen !== entry.parameter.requiresGrad) continue;
      entry.isFrozen = !entry.parameter.requiresGrad;
      isSame = false;
    }
    if (!isSame) this.#segments = createSegments(this.#trained);
  }

  /** Sets the gradients of its parameters to 0. A training step does not need it, because `backward` overwrites them. */
  zeroGrad(): void {
    is.checkCount('Optimizer.zeroGrad', arguments.length, 0);
    this.#checkMemory();
    for (const { size, grad } of this.#segments) this.#device.kernels.fill(size, 0, grad);
  }

  /** Returns the state, not a copy: for digests. */
  state(): OptimizerState {
    return { tensors: this.#tensors, scalars: this.#allScalars() };
  }

  /** Returns a copy of the state. Of the options it contains only `lr`. */
  stateDict(): OptimizerStateDict {
    const copies = Object.entries(this.#tensors).map(([name, tensor]) => [name, tensor.data.slice()] as const);
    return { lr: this.lr, tensors: Object.fromEntries(copies), scalars: this.#allScalars() };
  }

  /**
   * Loads a state dict.
   * @throws RangeError if it is of another optimizer, other groups or another number of parameters; then nothing changes
   */
  loadStateDict(stateDict: OptimizerStateDict): void {
    is.checkArguments(this.#who, arguments, STATE);
    const { lr, tensors, scalars } = stateDict;
    this.#checkState(stateDict);
    for (const [name, copy] of Object.entries(tensors)) (this.#tensors[name] as Tensor).data.set(copy);
    this.paramGroups.forEach((group, index) => {
      const own = this.scalars[index] as Record<string, number>;
      for (const name of Object.keys(own)) own[name] = scalars[nameInState(name, index)] as number;
      group.lr = index === 0 ? lr : (scalars[nameInState('lr', index)] as number);
    });
  }

  #checkState({ tensors, scalars }: OptimizerStateDict): void {
    const own = this.#allScalars();
    checkNames('tensors', Object.keys(this.#tensors), Object.keys(tensors));
    checkNames('scalars', Object.keys(own), Object.keys(scalars));
    for (let index = 1; index < this.paramGroups.length; index++) {
      is.nonNegative(this.#who, nameInState('lr', index), scalars[nameInState('lr', index)]);
    }
    const size = Object.keys(own).find((name) => /^size(\.|$)/.test(name) && own[name] !== scalars[name]);
    if (size) {
      throw new RangeError(`[Optimizer] expected ${size}, of a group, to be ${own[size]} but got ${scalars[size]}`);
    }
    const wrong = Object.entries(tensors).find(([, { length }]) => length !== this.size);
    if (!wrong) return;
    throw new RangeError(`[Optimizer] expected ${this.size} numbers of ${wrong[0]} but got ${wrong[1].length}`);
  }

  /** Returns the text that `console.log` prints in Node: the groups with their options. */
  [is.inspectSymbol](): string {
    const lines = this.paramGroups.map(
      (group, index) => `  (${index}): ${(group as object as Printable)[is.inspectSymbol]()}`,
    );
    return [`${this.#who}(`, ...lines, ')'].join('\n');
  }

  /** Returns the numbers of all groups; of several groups also `size` and, except for the first, `lr`. */
  #allScalars(): Record<string, number> {
    const entries = this.paramGroups.flatMap(({ lr }, index) => {
      const trained = this.#trained.filter((entry) => entry.index === index).map(({ parameter }) => parameter);
      const size = this.paramGroups.length > 1 && { size: totalSize(trained) };
      const own = { ...this.scalars[index], ...(index > 0 && { lr }), ...size };
      return Object.entries(own).map(([name, value]) => [nameInState(name, index), value]);
    });
    return Object.fromEntries(entries);
  }

  /** Allocates a block of state, one element per parameter element, and sets it to 0. */
  protected allocateState(name: string): Pointer {
    const tensor = Tensor.zeros(this.#device, [this.size]);
    this.#tensors[name] = tensor;
    this.#lastState = tensor;
    return tensor.pointer;
  }

  /** Runs once per step and group, before the segments are updated. */
  protected prepareStep(_group: number): void {}

  /** Updates a segment. @returns 1 if all its parameters are finite, otherwise 0 */
  protected abstract update(kernels: Kernels, segment: Segment<O>): number;
}

interface Printable {
  [is.inspectSymbol](): string;
}

/** Returns the name itself for the first group, `beta1Power.1` for the second. */
function nameInState(name: string, group: number): string {
  return group === 0 ? name : `${name}.${group}`;
}

function checkNames(what: string, expected: string[], got: string[]): void {
  if (expected.toSorted().join() === got.toSorted().join()) return;
  throw new RangeError(`[Optimizer] expected the ${what} ${expected.join(', ') || '(none)'} but got ${got.join(', ')}`);
}
