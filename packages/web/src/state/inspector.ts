// Inspects the networks of a paused or finished run: what to inspect, and the results. The workers do the computation.
import type { Checkpoint, RunRecord } from '@descent/experiments';
import { computed, effect, signal, untracked } from '@preact/signals';
import { getImageShape } from '../images/images.ts';
import type { Inside, InspectionRequest, InspectionResult } from '../worker/messages.ts';
import { getInspectableRun, phase, record } from './session.ts';
import { getLastArmStep, getLastStep } from './truncate.ts';

/** An image to classify. `index` and `label` are set for a test image. */
export interface Digit {
  readonly pixels: Uint8Array;
  readonly index?: number;
  readonly label?: number;
}

/** Whether the section is open. Nothing is computed before. */
export const isOpen = signal(false);
export const digit = signal<Digit | undefined>(undefined);
/** Rows and columns of every image. */
export const imageShape = signal<readonly [rows: number, columns: number]>([28, 28]);
/** The arm that the reader chose. */
export const chosenArm = signal('');
/** The step to which the reader scrubbed, and the record for which this holds. */
const scrubbed = signal<{ readonly of: RunRecord; readonly step: number } | undefined>(undefined);

export function scrubTo(step: number): void {
  if (record.value) scrubbed.value = { of: record.value, step };
}

/** The step at which the run is shown. */
export const shownStep = computed(() => {
  const shownRecord = record.value;
  if (!shownRecord) return 0;
  return scrubbed.value?.of === shownRecord ? scrubbed.value.step : getLastStep(shownRecord);
});

/** The inspection of an arm of a run at a step. */
export interface Inspection extends Inside {
  readonly of: RunRecord;
  readonly arm: string;
  readonly step: number;
}

export type Prediction = Pick<InspectionResult, 'answer' | 'probabilities'>;

export const predictions = signal<ReadonlyMap<string, Prediction>>(new Map());
export const inspection = signal<Inspection | undefined>(undefined);
export const isInspecting = signal(false);
export const inspectError = signal('');

/** The names of the arms that classify images, if the run can be inspected. */
export const arms = computed(() => {
  const rest = getInspectableRun();
  return rest ? rest.specs.filter(({ task }) => task.kind === 'classifier').map(({ name }) => name) : [];
});

export const inspectedArm = computed(() =>
  arms.value.includes(chosenArm.value) ? chosenArm.value : (arms.value[0] ?? ''),
);

/** Checkpoints of the arms at the shown step, so that the next inspection does not train again. */
let reached: { readonly of: RunRecord; readonly step: number; readonly arms: Map<string, Checkpoint> } | undefined;
let isRequested = false;

export function startInspector(): void {
  effect(() => {
    const shownRecord = record.value;
    const isAsked = isOpen.value && arms.value.length > 0;
    void [digit.value, inspectedArm.value, shownStep.value];
    if (!shownRecord || !isAsked) return;
    isRequested = true;
    if (!untracked(() => isInspecting.value)) void inspectLatest();
  });
  effect(() => {
    if (phase.value === 'idle' || phase.value === 'loading') untracked(clearInspection);
  });
}

function clearInspection(): void {
  reached = undefined;
  predictions.value = new Map();
  inspection.value = undefined;
  inspectError.value = '';
}

/** Runs until the newest request is done. Requests that were replaced in between are skipped. */
async function inspectLatest(): Promise<void> {
  isInspecting.value = true;
  while (isRequested) {
    isRequested = false;
    try {
      await inspectOnce();
      inspectError.value = '';
    } catch (error) {
      inspectError.value = error instanceof Error ? error.message : String(error);
    }
  }
  isInspecting.value = false;
}

async function inspectOnce(): Promise<void> {
  const [shownRecord, rest] = [record.value, getInspectableRun()];
  if (rest?.images) imageShape.value = await getImageShape(rest.images);
  const [step, chosen, pixels] = [shownStep.value, inspectedArm.value, digit.value?.pixels];
  if (!shownRecord || !rest) return;
  if (reached?.of !== shownRecord || reached.step !== step) reached = { of: shownRecord, step, arms: new Map() };
  const at = reached;
  const isKnown =
    inspection.value?.of === shownRecord && inspection.value.arm === chosen && inspection.value.step === step;
  const requests = rest.specs.flatMap((arm): InspectionRequest[] => {
    const isThorough = arm.name === chosen && !isKnown;
    if (arm.task.kind !== 'classifier' || (!pixels && !isThorough)) return [];
    const end = getLastArmStep(shownRecord.arms.find(({ name }) => name === arm.name) as RunRecord['arms'][number]);
    const target = Math.min(step, end);
    const checkpoint = at.arms.get(arm.name) ?? rest.checkpointCache.before(arm.name, target);
    return [{ arm, checkpoint, step: target, imageShape: imageShape.value, pixels, isThorough }];
  });
  const found = new Map<string, Prediction>();
  const isCurrent = () => record.value === shownRecord && getInspectableRun() !== undefined;
  const pool = rest.pool();
  const inspectArm = async (request: InspectionRequest) => {
    const result = await pool.ask(request, isCurrent);
    if (!result || !isCurrent()) return;
    at.arms.set(result.arm, result.checkpoint);
    if (result.inside) inspection.value = { ...result.inside, of: shownRecord, arm: result.arm, step };
    if (result.probabilities) found.set(result.arm, result);
  };
  await Promise.all(requests.map(inspectArm));
  if (isCurrent()) predictions.value = found;
}
