// An arm as TensorBoard shows it: its series as scalars, a look into its network as histograms, its settings as hparams.

import { type Happening, type Setting, writeEvents } from '@descent/nn/formats';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import type { NetworkView } from '../training/inspect.ts';

/** One arm with all that TensorBoard is to show of it. */
export interface ArmEvents {
  /** Of the run: its options become hparams, its time the wall times. */
  readonly record: RunRecord;
  /** One of the record's. */
  readonly arm: ArmRecord;
  /** The network between some of its steps. */
  readonly views: readonly NetworkView[];
  /** Seconds since 1970 when the run began. */
  readonly began: number;
}

/** The bytes of an arm's event file. But for the times it is a function of the run. */
export function writeArmEvents({ record, arm, views, began }: ArmEvents): Uint8Array {
  const scalars = Object.entries(arm.series).flatMap(([tag, { step, value }]) =>
    step.map((at, i): Happening => ({ kind: 'scalar', step: at, tag, value: value[i] as number })),
  );
  const steps = scalars.reduce((last, { step }) => Math.max(last, step), 1);
  // What is measured at the end alone has no series.
  const finals = Object.entries(arm.final)
    .filter(([tag]) => !(tag in arm.series))
    .map(([tag, value]): Happening => ({ kind: 'scalar', step: steps, tag, value }));
  const happenings = [...scalars, ...finals, ...views.flatMap(histogramsOf)];
  return writeEvents({
    settings: settingsOf(record, arm),
    happenings,
    hasFailed: arm.status !== 'finished',
    wallTime: (step) => began + (record.elapsedSeconds * step) / steps,
  });
}

function histogramsOf({ step, layers }: NetworkView): Happening[] {
  const happening = (tag: string, values: Float32Array): Happening => ({ kind: 'histogram', step, tag, values });
  return layers.flatMap(({ name, kind, parameters, outputs, outputGradients }) => [
    ...parameters.flatMap((parameter) => [
      happening(`weights/${parameter.name}`, parameter.values),
      happening(`gradients/${parameter.name}`, parameter.gradients),
    ]),
    ...(outputs ? [happening(`activations/${name} ${kind}`, outputs.values)] : []),
    happening(`activation gradients/${name} ${kind}`, outputGradients),
  ]);
}

/** Options, the arm's name, and of a trial what it tries. */
function settingsOf({ options, seed }: RunRecord, arm: ArmRecord): Record<string, Setting> {
  const plain = Object.entries(options).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(',') : value] as const,
  );
  const tried = Object.entries(arm.series).flatMap(([name, { step, value }]) =>
    step.length === 1 && step[0] === 0 ? [[name, value[0] as number] as const] : [],
  );
  return Object.fromEntries([...plain, ['seed', seed], ['arm', arm.name], ...tried]) as Record<string, Setting>;
}
