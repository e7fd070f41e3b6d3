// Checkpoints of a run, which let the page return to earlier steps. As many as memory allows, evenly spaced per arm.
import type { Checkpoint } from '@descent/experiments';

/** Limit of the bytes of all checkpoints of a run. */
const MAX_BYTES = 96 * 2 ** 20;

interface ArmHistory {
  /** Least number of steps between two checkpoints. It grows as the arm trains. */
  gap: number;
  /** In ascending order of steps. The newest is always kept, even close to the one before it. */
  checkpoints: Checkpoint[];
}

export class CheckpointCache {
  readonly #maxBytes: number;
  readonly #histories = new Map<string, ArmHistory>();

  /** @param maxBytes limit for all arms together; at least one checkpoint per arm is kept */
  constructor(arms: number, maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes / arms;
  }

  add(checkpoint: Checkpoint): void {
    const { arm, step, state } = checkpoint;
    const history = this.#histories.get(arm) ?? { gap: 1, checkpoints: [] };
    this.#histories.set(arm, history);
    history.checkpoints = [...thinOut(history.checkpoints, history.gap), checkpoint];
    while (history.checkpoints.length > 1 && history.checkpoints.length * state.byteLength > this.#maxBytes) {
      const { gap, checkpoints } = history;
      history.gap = Math.max(2 * gap, Math.ceil((2 * step) / checkpoints.length));
      history.checkpoints = [...thinOut(checkpoints.slice(0, -1), history.gap), checkpoint];
    }
  }

  /** Returns the last checkpoint at or before a step; undefined if the arm must be trained from the beginning. */
  before(arm: string, step: number): Checkpoint | undefined {
    return this.#histories.get(arm)?.checkpoints.findLast((checkpoint) => checkpoint.step <= step);
  }
}

function thinOut(checkpoints: readonly Checkpoint[], gap: number): Checkpoint[] {
  let last = 0;
  return checkpoints.filter(({ step }) => {
    const isFar = step - last >= gap;
    if (isFar) last = step;
    return isFar;
  });
}
