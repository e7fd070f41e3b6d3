// The series and histograms of an arm while it trains.
import type { Histogram, Series } from '../record/record.ts';

type SeriesByName = Record<string, Series>;

/** What an arm has measured so far. */
export interface MeasuredValues {
  /** By measure. */
  readonly series: Record<string, Series>;
  /** Missing where there are none. */
  readonly histograms?: Readonly<Record<string, Histogram>>;
}

/** Appends values by name. Values are float32 already: they come from kernels or Math.fround. */
export class SeriesLog {
  readonly #series: SeriesByName;
  readonly #histograms: Record<string, Histogram>;
  /** How many values of each series `news` has told. */
  readonly #told: Record<string, number>;

  /** @param measured what a checkpoint had; copied */
  constructor({ series, histograms }: MeasuredValues = { series: {} }) {
    this.#series = copy(series);
    this.#histograms = { ...histograms };
    this.#told = Object.fromEntries(Object.entries(series).map(([name, { step }]) => [name, step.length]));
  }

  add(name: string, step: number, value: number): void {
    this.#series[name] ??= { step: [], value: [] };
    this.#series[name].step.push(step);
    this.#series[name].value.push(value);
  }

  /** A histogram that will not change any more. */
  addHistogram(name: string, histogram: Histogram): void {
    this.#histograms[name] = histogram;
  }

  get isEmpty(): boolean {
    return Object.keys(this.#series).length === 0;
  }

  /** The last value of every series. */
  last(): Record<string, number> {
    const entries = Object.entries(this.#series).map(([name, { value }]) => [name, value.at(-1) as number]);
    return Object.fromEntries(entries);
  }

  /** What has been added since it was last asked for, or since the checkpoint. */
  news(): SeriesByName {
    const fresh = Object.entries(this.#series).flatMap(([name, { step, value }]) => {
      const told = this.#told[name] ?? 0;
      this.#told[name] = step.length;
      return told === step.length ? [] : [[name, { step: step.slice(told), value: value.slice(told) }] as const];
    });
    return Object.fromEntries(fresh);
  }

  /** A copy of all of them. */
  all(): MeasuredValues {
    const hasHistograms = Object.keys(this.#histograms).length > 0;
    return { series: copy(this.#series), ...(hasHistograms && { histograms: { ...this.#histograms } }) };
  }
}

function copy(series: SeriesByName): SeriesByName {
  const copies = Object.entries(series).map(([name, { step, value }]) => [
    name,
    { step: [...step], value: [...value] },
  ]);
  return Object.fromEntries(copies);
}
