// What all optimizers share: segments of memory to walk, state blocks, state dicts.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import * as is from '../core/check.ts';
import type { Parameter } from '../core/parameter.ts';
import { Tensor } from '../core/tensor.ts';
import { createParamGroups, type OptimizerOptions, type ParamGroup } from './param-groups.ts';
import { type Moved, type Segment, segmentsOf } from './segment.ts';

/** What an optimizer remembers between steps: flat tensors in the order of its segments, and numbers. */
export interface OptimizerState {
  /** One number a parameter each, such as `velocity`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Numbers for all parameters together, such as β₁ᵗ. Those of the second group end in `.1`, and so on: `beta1Power.1`, `lr.1`. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** A copy of the state on the JavaScript side: all that a step changes, and the learning rate. */
export interface OptimizerStateDict {
  /** Learning rate η; of several groups, that of the first. */
  lr: number;
  /** One number a parameter each, such as `velocity`. */
  tensors: Record<string, Float32Array>;
  /** Numbers for all parameters together, such as β₁ᵗ; with several groups also their sizes and rates. */
  scalars: Record<string, number>;
}

const STATE = {
  state: is.optionsOf<OptimizerStateDict>(
    {
      lr: is.nonNegative,
      tensors: is.recordOf(
        'an object of arrays',
        is.kind('a Float32Array', (value) => value instanceof Float32Array),
      ),
      // Not of float32: β₁ᵗ becomes smaller than its numbers.
      scalars: is.recordOf('an object of numbers', is.number),
    },
    ['lr', 'tensors', 'scalars'],
  ),
};

/**
 * Moves parameters against their gradients. Made after `model.to(device, …)`; a step allocates nothing. Parameters whose
 * `requiresGrad` is false stay as they are, and what is remembered of them too; those that are so when it is made it never moves.
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  /** The groups of parameters with their options; one group where the optimizer was given a list of parameters. */
  readonly paramGroups: readonly ParamGroup<O>[];
  /** Number of parameters that it moves. */
  readonly size: number;
  /** Numbers of each group that a step changes beside the blocks. */
  protected readonly scalars: readonly Record<string, number>[];
  readonly #who: string;
  readonly #device: Device;
  /** In the order of memory, each with whether it is frozen for now. */
  readonly #moved: readonly Moved<O>[];
  readonly #unmoved: readonly Parameter[];
  #segments: readonly Segment<O>[];
  readonly #tensors: Record<string, Tensor> = {};
  /** The last block of state: what is released first. */
  #last: Tensor | undefined;

  /**
   * @param who the class, as errors name it
   * @param given the arguments: parameters or groups, then options
   * @param rules of all options
   * @param defaults of those options that have one
   * @param scalars numbers of each group that a step changes beside the blocks, as they are at first
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
    const moved = this.paramGroups.flatMap((group, index) => {
      const learning = group.params.filter(({ requiresGrad }) => requiresGrad);
      return learning.map((parameter) => {
        const { value, grad } = parameter;
        return { parameter, value, grad, group, index, isFrozen: false };
      });
    });
    this.#who = who;
    this.#device = (moved[0] as Moved<O>).value.device;
    for (const { value } of moved) is.checkSameDevice(who, this.#device, value);
    this.#moved = moved.sort((a, b) => a.value.pointer - b.value.pointer);
    this.#unmoved = this.paramGroups.flatMap(({ params }) => params.filter(({ requiresGrad }) => !requiresGrad));
    this.#segments = segmentsOf(moved);
    this.size = moved.reduce((total, { parameter }) => total + parameter.size, 0);
  }

  /**
   * Learning rate η; of several groups, that of the first. May be changed between steps, by hand or by a schedule.
   * @throws RangeError where it is set and there are several groups: each has its own `lr`
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
   * One update of every parameter from the gradients that `backward` wrote.
   * @returns whether every parameter is finite still
   * @throws RangeError where a parameter is to learn that was frozen when the optimizer was made, or is in other memory than it was then
   */
  step(): boolean {
    is.checkCount('Optimizer.step', arguments.length, 0);
    this.#checkPlacement();
    this.#heed();
    for (let group = 0; group < this.paramGroups.length; group++) this.advance(group);
    let finite = 1;
    for (let index = 0; index < this.#segments.length; index++) {
      finite &= this.update(this.#device.kernels, this.#segments[index] as Segment<O>);
    }
    return finite === 1;
  }

  /** A second `model.to` gives the parameters other memory, and a released arena gives theirs to others. */
  #checkPlacement(): void {
    for (let index = 0; index < this.#moved.length; index++) {
      const { parameter, value, grad } = this.#moved[index] as Moved<O>;
      if (parameter.value === value && parameter.grad === grad && !(this.#last ?? grad).isReleased) continue;
      throw new RangeError(
        `[${this.#who}] expected ${parameter.name} in the memory that it had when the optimizer was made, ` +
          'but model.to(device, …) was called since, or the memory was released; make a new optimizer',
      );
    }
  }

  /** Leaves out what has been frozen since the last step, and takes in what has not. */
  #heed(): void {
    let isSame = true;
    for (let index = 0; index < this.#moved.length; index++) {
      const entry = this.#moved[index] as Moved<O>;
      if (entry.isFrozen !== entry.parameter.requiresGrad) continue;
      entry.isFrozen = !entry.parameter.requiresGrad;
      isSame = false;
    }
    for (let index = 0; index < this.#unmoved.length; index++) {
      const { name, requiresGrad } = this.#unmoved[index] as Parameter;
      if (!requiresGrad) continue;
      throw new RangeError(
        `[${this.#who}] expected ${name} to stay frozen, as when the optimizer was made, but it is to learn; make a new optimizer`,
      );
    }
    if (!isSame) this.#segments = segmentsOf(this.#moved);
  }

  /** Sets its parameters' gradients to 0. `backward` overwrites them, so that a training step does without. */
  zeroGrad(): void {
    is.checkCount('Optimizer.zeroGrad', arguments.length, 0);
    this.#checkPlacement();
    for (const { size, grad } of this.#segments) this.#device.kernels.fill(size, 0, grad);
  }

  /** The state itself, not a copy: for digests. */
  state(): OptimizerState {
    return { tensors: this.#tensors, scalars: this.#allScalars() };
  }

  /** A copy to go on from, also elsewhere. What the constructor was given beside `lr` is not in it. */
  stateDict(): OptimizerStateDict {
    const copies = Object.entries(this.#tensors).map(([name, tensor]) => [name, tensor.data.slice()] as const);
    return { lr: this.lr, tensors: Object.fromEntries(copies), scalars: this.#allScalars() };
  }

  /**
   * Takes over a state.
   * @throws RangeError where it is of another optimizer, of other groups or of another number of parameters; nothing is written then
   */
  loadStateDict(stateDict: OptimizerStateDict): void {
    is.checkArguments(this.#who, arguments, STATE);
    const { lr, tensors, scalars } = stateDict;
    const known = this.#allScalars();
    checkNames('tensors', Object.keys(this.#tensors), Object.keys(tensors));
    checkNames('scalars', Object.keys(known), Object.keys(scalars));
    this.paramGroups.slice(1).forEach((_, index) => {
      is.nonNegative(this.#who, `lr.${index + 1}`, scalars[`lr.${index + 1}`]);
    });
    const size = Object.keys(known).find((name) => /^size(\.|$)/.test(name) && known[name] !== scalars[name]);
    if (size) {
      throw new RangeError(`[Optimizer] expected ${size}, of a group, to be ${known[size]} but got ${scalars[size]}`);
    }
    for (const [name, copy] of Object.entries(tensors)) {
      if (copy.length !== this.size) {
        throw new RangeError(`[Optimizer] expected ${this.size} numbers of ${name} but got ${copy.length}`);
      }
    }
    for (const [name, copy] of Object.entries(tensors)) (this.#tensors[name] as Tensor).data.set(copy);
    this.paramGroups.forEach((group, index) => {
      const own = this.scalars[index] as Record<string, number>;
      for (const name of Object.keys(own)) own[name] = scalars[nameInState(name, index)] as number;
      group.lr = index === 0 ? lr : (scalars[nameInState('lr', index)] as number);
    });
  }

  /** The groups with their options, as `console.log` prints them in Node. */
  [is.inspectSymbol](): string {
    const lines = this.paramGroups.map(
      (group, index) => `  (${index}): ${(group as object as Printed)[is.inspectSymbol]()}`,
    );
    return [`${this.#who}(`, ...lines, ')'].join('\n');
  }

  /** The numbers of all groups; of several, also the rates of all but the first, and how many parameters each moves. */
  #allScalars(): Record<string, number> {
    const sizes = this.paramGroups.map(() => 0);
    for (const { parameter, index } of this.#moved) sizes[index] = (sizes[index] as number) + parameter.size;
    const entries = this.paramGroups.flatMap(({ lr }, index) => {
      const own = { ...this.scalars[index], ...(index > 0 && { lr }), ...(sizes.length > 1 && { size: sizes[index] }) };
      return Object.entries(own).map(([name, value]) => [nameInState(name, index), value]);
    });
    return Object.fromEntries(entries);
  }

  /** Takes a zeroed block of state, one number a parameter. */
  protected block(name: string): Pointer {
    const tensor = Tensor.zeros(this.#device, [this.size]);
    this.#tensors[name] = tensor;
    this.#last = tensor;
    return tensor.pointer;
  }

  /** What happens once per step and group, before the segments. */
  protected advance(_group: number): void {}

  /** @returns 1 if every parameter of the segment is finite, else 0 */
  protected abstract update(kernels: Kernels, segment: Segment<O>): number;
}

interface Printed {
  [is.inspectSymbol](): string;
}

/** Returns `beta1Power` for the first group, `beta1Power.1` for the second. */
function nameInState(name: string, group: number): string {
  return group === 0 ? name : `${name}.${group}`;
}

function checkNames(what: string, expected: string[], got: string[]): void {
  if (expected.toSorted().join() === got.toSorted().join()) return;
  throw new RangeError(`[Optimizer] expected the ${what} ${expected.join(', ') || '(none)'} but got ${got.join(', ')}`);
}
