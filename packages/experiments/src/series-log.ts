// The series of an arm while it trains.
import type { ArmRecord } from './record.ts';

type SeriesByName = ArmRecord['series'];

/** Appends values by name. Values are float32 already: they come from kernels or Math.fround. */
export class SeriesLog {
  readonly #series: SeriesByName = {};

  /** @param series what a checkpoint had; copied */
  constructor(series: SeriesByName = {}) {
    this.#series = copy(series);
  }

  add(name: string, step: number, value: number): void {
    this.#series[name] ??= { step: [], value: [] };
    this.#series[name].step.push(step);
    this.#series[name].value.push(value);
  }

  get isEmpty(): boolean {
    return Object.keys(this.#series).length === 0;
  }

  /** The last value of every series. */
  last(): Record<string, number> {
    const entries = Object.entries(this.#series).map(([name, { value }]) => [name, value.at(-1) as number]);
    return Object.fromEntries(entries);
  }

  /** A copy of all of them. */
  all(): SeriesByName {
    return copy(this.#series);
  }
}

function copy(series: SeriesByName): SeriesByName {
  const copies = Object.entries(series).map(([name, { step, value }]) => [
    name,
    { step: [...step], value: [...value] },
  ]);
  return Object.fromEntries(copies);
}
