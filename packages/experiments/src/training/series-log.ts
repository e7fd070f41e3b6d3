// The series and histograms of an arm while it trains.
import { mapValues } from '../record/map-values.ts';
import type { Histogram, Series } from '../record/record.ts';

type SeriesByName = Record<string, Series>;

/** The values that an arm has measured so far. */
export interface MeasuredValues {
  /** Series by measure. */
  readonly series: Record<string, Series>;
  /** Missing if there are none. */
  readonly histograms?: Readonly<Record<string, Histogram>>;
}

/** A log of values by name. Values must be float32, as from kernels or `Math.fround`. */
export class SeriesLog {
  readonly #series: SeriesByName;
  readonly #histograms: Record<string, Histogram>;
  /** Number of values per series that `takeNew` has returned. */
  readonly #taken: Record<string, number>;

  /** @param measured values of a checkpoint; they are copied */
  constructor({ series, histograms }: MeasuredValues = { series: {} }) {
    this.#series = copy(series);
    this.#histograms = { ...histograms };
    this.#taken = mapValues(series, ({ step }) => step.length);
  }

  add(name: string, step: number, value: number): void {
    this.#series[name] ??= { step: [], value: [] };
    this.#series[name].step.push(step);
    this.#series[name].value.push(value);
  }

  addHistogram(name: string, histogram: Histogram): void {
    this.#histograms[name] = histogram;
  }

  get isEmpty(): boolean {
    return Object.keys(this.#series).length === 0;
  }

  /** Returns the last value of every series. */
  last(): Record<string, number> {
    return mapValues(this.#series, ({ value }) => value.at(-1) as number);
  }

  /** Returns the values since the last call, or since the checkpoint. */
  takeNew(): SeriesByName {
    const fresh = Object.entries(this.#series).flatMap(([name, { step, value }]) => {
      const start = this.#taken[name] ?? 0;
      this.#taken[name] = step.length;
      return start === step.length ? [] : [[name, { step: step.slice(start), value: value.slice(start) }] as const];
    });
    return Object.fromEntries(fresh);
  }

  /** Returns a copy of all values. */
  values(): MeasuredValues {
    const hasHistograms = Object.keys(this.#histograms).length > 0;
    return { series: copy(this.#series), ...(hasHistograms && { histograms: { ...this.#histograms } }) };
  }
}

const copy = (series: SeriesByName) => mapValues(series, ({ step, value }) => ({ step: [...step], value: [...value] }));
