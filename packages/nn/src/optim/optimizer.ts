// What all optimizers share: segments of memory to walk, state blocks, state dicts.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import {
  boolean,
  check,
  checkArguments,
  checkCount,
  checkSameDevice,
  finite,
  kind,
  nonNegative,
  optionsOf,
  parametersLike,
  recordOf,
} from '../check.ts';
import type { Parameter } from '../parameter.ts';
import { Tensor } from '../tensor.ts';

/** Settings of every optimizer. */
export interface OptimizerOptions {
  /** Learning rate η. */
  lr?: number;
  /** λ of weight decay. Default 0. */
  weightDecay?: number;
  /** Whether biases and norms decay too, as in PyTorch. Default false: weights only. */
  decayBiases?: boolean;
}

/** A run of parameters that lie side by side and decay alike: one kernel call a step. */
export interface Segment {
  /** Number of parameters. */
  readonly size: number;
  /** Where their values begin. */
  readonly value: Pointer;
  /** Where their gradients begin. */
  readonly grad: Pointer;
  /** λ, or 0 where the segment does not decay. */
  readonly weightDecay: number;
  /** Bytes from the start of a state block to this segment's part of it. */
  readonly offset: number;
}

/** What an optimizer remembers between steps: flat tensors in the order of its segments, and numbers. */
export interface OptimizerState {
  /** One number a parameter each, such as `velocity`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Numbers for all parameters together, such as β₁ᵗ. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** A copy of the state on the JavaScript side: all that a step changes, and the learning rate. */
export interface OptimizerStateDict {
  /** Learning rate η. */
  lr: number;
  /** One number a parameter each, such as `velocity`. */
  tensors: Record<string, Float32Array>;
  /** Numbers for all parameters together, such as β₁ᵗ. */
  scalars: Record<string, number>;
}

/** Rules of the options that all optimizers have. */
export const optimizerRules = { lr: nonNegative, weightDecay: nonNegative, decayBiases: boolean };

const ARGUMENTS = { parameters: parametersLike, options: optionsOf<OptimizerOptions>(optimizerRules, ['lr']) };
const STATE = {
  state: optionsOf<OptimizerStateDict>(
    {
      lr: nonNegative,
      tensors: recordOf(
        'an object of arrays',
        kind('a Float32Array', (value) => value instanceof Float32Array),
      ),
      scalars: recordOf('an object of numbers', finite),
    },
    ['lr', 'tensors', 'scalars'],
  ),
};

interface Moved {
  readonly parameter: Parameter;
  /** Its memory when the optimizer was made. */
  readonly value: Tensor;
  readonly grad: Tensor;
  isFrozen: boolean;
}

/**
 * Moves parameters against their gradients. Made after `model.to(device, …)`; a step allocates nothing. Parameters whose
 * `requiresGrad` is false stay as they are, and what is remembered of them too; those that are so when it is made it never moves.
 */
export abstract class Optimizer {
  /** Number of parameters that it moves. */
  readonly size: number;
  #lr: number;
  #initialLr: number | undefined;
  readonly #who: string;
  readonly #device: Device;
  /** In the order of memory, each with whether it is frozen for now. */
  readonly #moved: readonly Moved[];
  readonly #unmoved: readonly Parameter[];
  readonly #decayOf: (parameter: Parameter) => number;
  #segments: readonly Segment[];
  readonly #tensors: Record<string, Tensor> = {};
  /** The last block of state: what is released first. */
  #last: Tensor | undefined;

  protected constructor(who: string, parameters: readonly Parameter[], options: OptimizerOptions & { lr: number }) {
    checkArguments(who, [parameters, options], ARGUMENTS);
    const { lr, weightDecay = 0, decayBiases = false } = options;
    const moved = parameters.filter(({ requiresGrad }) => requiresGrad);
    checkMoved(who, parameters, moved);
    this.#lr = lr;
    this.#who = who;
    this.#device = (moved[0] as Parameter).value.device;
    this.#moved = moved
      .sort((a, b) => a.value.pointer - b.value.pointer)
      .map((parameter) => ({ parameter, value: parameter.value, grad: parameter.grad, isFrozen: false }));
    this.#unmoved = parameters.filter(({ requiresGrad }) => !requiresGrad);
    this.#decayOf = (parameter) => (parameter.decay || decayBiases ? weightDecay : 0);
    this.#segments = segmentsOf(moved, this.#decayOf);
    this.size = moved.reduce((total, { size }) => total + size, 0);
  }

  /** Learning rate η. May be changed between steps, by hand or by a schedule. */
  get lr(): number {
    return this.#lr;
  }

  set lr(lr: number) {
    check(this.#who, 'lr', lr, nonNegative);
    this.#lr = lr;
  }

  /** The learning rate that schedules count from: what `lr` was when the first was made. */
  get initialLr(): number | undefined {
    return this.#initialLr;
  }

  set initialLr(lr: number | undefined) {
    if (lr !== undefined) check(this.#who, 'initialLr', lr, nonNegative);
    this.#initialLr = lr;
  }

  /**
   * One update of every parameter from the gradients that `backward` wrote.
   * @returns whether every parameter is finite still
   * @throws RangeError where a parameter is to learn that was frozen when the optimizer was made, or is in other memory than it was then
   */
  step(): boolean {
    checkCount('Optimizer.step', arguments.length, 0);
    this.#checkPlacement();
    this.#heed();
    this.advance();
    let finite = 1;
    for (let index = 0; index < this.#segments.length; index++) {
      finite &= this.update(this.#device.kernels, this.#segments[index] as Segment);
    }
    return finite === 1;
  }

  /** A second `model.to` gives the parameters other memory, and a released arena gives theirs to others. */
  #checkPlacement(): void {
    for (let index = 0; index < this.#moved.length; index++) {
      const { parameter, value, grad } = this.#moved[index] as Moved;
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
      const entry = this.#moved[index] as Moved;
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
    if (isSame) return;
    const all = this.#moved.map(({ parameter }) => parameter);
    this.#segments = segmentsOf(all, this.#decayOf);
  }

  /** Sets its parameters' gradients to 0. `backward` overwrites them, so that a training step does without. */
  zeroGrad(): void {
    checkCount('Optimizer.zeroGrad', arguments.length, 0);
    this.#checkPlacement();
    for (const { size, grad } of this.#segments) this.#device.kernels.fill(size, 0, grad);
  }

  /** The state itself, not a copy: for digests. */
  state(): OptimizerState {
    return { tensors: this.#tensors, scalars: this.scalars };
  }

  /** A copy to go on from, also elsewhere. What the constructor was given beside `lr` is not in it. */
  stateDict(): OptimizerStateDict {
    const copies = Object.entries(this.#tensors).map(([name, tensor]) => [name, tensor.data.slice()] as const);
    return { lr: this.lr, tensors: Object.fromEntries(copies), scalars: { ...this.scalars } };
  }

  /**
   * Takes over a state.
   * @throws RangeError where it is of another optimizer or another number of parameters; nothing is written then
   */
  loadStateDict(stateDict: OptimizerStateDict): void {
    checkArguments(this.#who, arguments, STATE);
    const { lr, tensors, scalars } = stateDict;
    checkNames('tensors', Object.keys(this.#tensors), Object.keys(tensors));
    checkNames('scalars', Object.keys(this.scalars), Object.keys(scalars));
    for (const [name, copy] of Object.entries(tensors)) {
      if (copy.length !== this.size) {
        throw new RangeError(`[Optimizer] expected ${this.size} numbers of ${name} but got ${copy.length}`);
      }
    }
    for (const [name, copy] of Object.entries(tensors)) (this.#tensors[name] as Tensor).data.set(copy);
    this.scalars = scalars;
    this.lr = lr;
  }

  /** Takes a zeroed block of state, one number a parameter. */
  protected block(name: string): Pointer {
    const tensor = Tensor.zeros(this.#device, [this.size]);
    this.#tensors[name] = tensor;
    this.#last = tensor;
    return tensor.pointer;
  }

  /** Numbers that a step changes beside the blocks. */
  protected get scalars(): Record<string, number> {
    return {};
  }

  protected set scalars(_scalars: Record<string, number>) {}

  /** What happens once a step, before the segments. */
  protected advance(): void {}

  /** @returns 1 if every parameter of the segment is finite, else 0 */
  protected abstract update(kernels: Kernels, segment: Segment): number;
}

/** @throws RangeError where none of the parameters learns, or they are on several devices */
function checkMoved(who: string, parameters: readonly Parameter[], moved: readonly Parameter[]): void {
  if (moved.length === 0) {
    const got = parameters.length === 0 ? 'none' : 'frozen ones alone; set requiresGrad of those that are to learn';
    throw new RangeError(`[${who}] expected parameters but got ${got}`);
  }
  for (const { value } of moved) checkSameDevice(who, (moved[0] as Parameter).value.device, value);
}

/**
 * Joins parameters, in the order of memory, whose values and gradients follow on one another and whose decay is the same. Frozen ones
 * are passed over, but keep their place in the state.
 */
function segmentsOf(parameters: readonly Parameter[], decayOf: (parameter: Parameter) => number): Segment[] {
  const segments: Segment[] = [];
  let offset = 0;
  for (const parameter of parameters) {
    const { size, requiresGrad } = parameter;
    if (!requiresGrad) {
      offset += 4 * size;
      continue;
    }
    const [value, grad, weightDecay] = [parameter.value.pointer, parameter.grad.pointer, decayOf(parameter)];
    const last = segments.at(-1);
    const bytes = last ? 4 * last.size : 0;
    if (last && last.value + bytes === value && last.grad + bytes === grad && last.weightDecay === weightDecay) {
      segments[segments.length - 1] = { ...last, size: last.size + size };
    } else {
      segments.push({ size, value, grad, weightDecay, offset });
    }
    offset += 4 * size;
  }
  return segments;
}

function checkNames(what: string, expected: string[], got: string[]): void {
  if (expected.toSorted().join() === got.toSorted().join()) return;
  throw new RangeError(`[Optimizer] expected the ${what} ${expected.join(', ') || '(none)'} but got ${got.join(', ')}`);
}
