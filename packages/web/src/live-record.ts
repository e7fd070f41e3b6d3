// The record of a run on its way, put together from its events, so that figures can be drawn before it ends.
import { type ArmRecord, noData, type RunEvent, type RunRecord } from '@descent/experiments';

export interface LiveRecord {
  readonly record: RunRecord;
  /** How much of the work is done, from 0 to 1. */
  readonly progress: number;
  add(event: RunEvent): void;
}

/** @param armNames in the order of the legend */
export function createLiveRecord(
  facts: Pick<RunRecord, 'experiment' | 'options' | 'seed'>,
  armNames: readonly string[],
): LiveRecord {
  const arms = armNames.map(emptyArm);
  const shares = new Map<string, number>();
  const record: RunRecord = {
    format: 'descent-run/1',
    ...facts,
    data: noData,
    variant: 'simd128',
    arms,
    claims: [],
    digest: noData.sha256,
    environment: {},
    elapsedSeconds: 0,
  };
  return {
    record,
    get progress() {
      return [...shares.values()].reduce((sum, share) => sum + share, 0) / armNames.length;
    },
    add(event) {
      if (event.kind === 'arm') {
        arms[armNames.indexOf(event.record.name)] = event.record;
        shares.set(event.record.name, 1);
      }
      if (event.kind === 'progress') {
        const arm = arms[armNames.indexOf(event.arm)];
        if (arm) append(arm, event.step, event.losses);
        shares.set(event.arm, event.step / event.steps);
      }
    },
  };
}

function emptyArm(name: string): ArmRecord {
  return { name, status: 'interrupted', series: {}, final: {}, digest: noData.sha256 };
}

/** `losses` are those of the last steps up to and including `step`. */
function append(arm: ArmRecord, step: number, losses: readonly number[]): void {
  arm.series.trainLoss ??= { step: [], value: [] };
  const { trainLoss } = arm.series;
  for (const [index, loss] of losses.entries()) {
    trainLoss.step.push(step - losses.length + 1 + index);
    trainLoss.value.push(loss);
  }
}
