// Checkpoints of a run to go back to: as many as fit the memory, spread evenly over the way of each arm.
import type { Checkpoint } from '@descent/experiments';

/** Bytes of weights and optimizer state that a run keeps. */
const ROOM = 96 * 2 ** 20;

interface ArmHistory {
  /** Steps between two of them, at least; it grows as the arm does. */
  gap: number;
  /** By step. The newest is among them, however near the one before it. */
  all: Checkpoint[];
}

export class CheckpointCache {
  readonly #room: number;
  readonly #ways = new Map<string, ArmHistory>();

  /** @param room bytes for all of the arms; one checkpoint of each is kept in any case */
  constructor(arms: number, room = ROOM) {
    this.#room = room / arms;
  }

  add(checkpoint: Checkpoint): void {
    const { arm, step, state } = checkpoint;
    const way = this.#ways.get(arm) ?? { gap: 1, all: [] };
    this.#ways.set(arm, way);
    way.all = [...spaced(way.all, way.gap), checkpoint];
    while (way.all.length > 1 && way.all.length * state.byteLength > this.#room) {
      way.gap = Math.max(2 * way.gap, Math.ceil((2 * step) / way.all.length));
      way.all = [...spaced(way.all.slice(0, -1), way.gap), checkpoint];
    }
  }

  /** The last one that is not beyond a step; none where the arm has to begin anew. */
  before(arm: string, step: number): Checkpoint | undefined {
    return this.#ways.get(arm)?.all.findLast((checkpoint) => checkpoint.step <= step);
  }
}

function spaced(all: readonly Checkpoint[], gap: number): Checkpoint[] {
  let last = 0;
  return all.filter(({ step }) => {
    const isFar = step - last >= gap;
    if (isFar) last = step;
    return isFar;
  });
}
