// The series of arms while they train, from the new values of each progress event.
import type { ArmRecord } from '@descent/experiments';

type GrowingSeries = Record<string, { step: number[]; value: number[] }>;

export class LiveSeries {
  readonly #arms = new Map<string, GrowingSeries>();

  /** Appends new values of an arm. @param before its values before the first event */
  append(arm: string, fresh: ArmRecord['series'], before: ArmRecord['series']): void {
    const all = this.#arms.get(arm) ?? copy(before);
    this.#arms.set(arm, all);
    for (const [name, { step, value }] of Object.entries(fresh)) {
      all[name] ??= { step: [], value: [] };
      all[name].step.push(...step);
      all[name].value.push(...value);
    }
  }

  /** Returns a copy of the values of an arm; undefined if it is not training. */
  valuesOf(arm: string): ArmRecord['series'] | undefined {
    const all = this.#arms.get(arm);
    return all && copy(all);
  }

  /** Forgets an arm that has ended or paused. */
  delete(arm: string): void {
    this.#arms.delete(arm);
  }
}

function copy(series: ArmRecord['series']): GrowingSeries {
  const copies = Object.entries(series).map(([name, { step, value }]) => [
    name,
    { step: [...step], value: [...value] },
  ]);
  return Object.fromEntries(copies);
}
