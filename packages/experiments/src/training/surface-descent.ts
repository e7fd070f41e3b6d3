// Minimization of a function of two variables: an optimizer without a network. The two coordinates are one parameter.
import { allocateParameters, type Device, type Optimizer, Parameter, type Tensor } from '@descent/nn';
import type { SurfaceTask } from './arm.ts';
import type { SeriesLog } from './series-log.ts';
import { type Surface, surfaces } from './surface.ts';
import type { NonFinite, Task } from './task.ts';

/** Logs x, y and the function value as `loss`, at the start and after every step. */
export class SurfaceDescent implements Task {
  readonly values: Tensor;
  readonly parameters: readonly Parameter[];
  hasDiverged = false;
  readonly #surface: Surface;
  readonly #gradient: Tensor;

  constructor(task: SurfaceTask, device: Device) {
    const position = new Parameter('position', [2], { decay: false });
    const { values, grads } = allocateParameters(device, [position]);
    values.data.set(task.start);
    this.parameters = [position];
    this.values = values;
    this.#gradient = grads;
    this.#surface = surfaces[task.surface];
  }

  begin(log: SeriesLog): void {
    this.#observe(0, log);
  }

  resume(): void {}

  locateDivergence(): NonFinite {
    const names = { 'position.grad': this.#gradient, position: this.values };
    const found = Object.entries(names).find(([, { data }]) => !data.every(Number.isFinite));
    return { layer: 'surface', tensor: found?.[0] ?? 'height' };
  }

  update(step: number, log: SeriesLog, optimizer: Optimizer): number {
    const [x, y] = this.values.data as unknown as [number, number];
    this.#surface.gradient(x, y, this.#gradient.data);
    const hasFiniteUpdate = optimizer.step();
    const loss = this.#observe(step, log);
    this.hasDiverged = !hasFiniteUpdate || !Number.isFinite(loss);
    return loss;
  }

  finish(): Record<string, number> {
    return {};
  }

  #observe(step: number, log: SeriesLog): number {
    const [x, y] = this.values.data as unknown as [number, number];
    const loss = this.#surface.value(x, y);
    log.add('x', step, x);
    log.add('y', step, y);
    log.add('loss', step, loss);
    return loss;
  }
}
