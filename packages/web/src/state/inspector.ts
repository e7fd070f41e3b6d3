// Looking into the networks of a run that rests: what is asked for, and what has been seen. The workers do the looking.
import type { Checkpoint, RunRecord } from '@descent/experiments';
import { computed, effect, signal, untracked } from '@preact/signals';
import { imageShapeOf } from '../images/images.ts';
import type { Inside, InspectionResult, Look } from '../worker/messages.ts';
import { phase, record, runAtRest } from './session.ts';
import { lastStep, lastStepOf } from './truncate.ts';

/** An image to name, and which of the test images it is. */
export interface Digit {
  readonly pixels: Uint8Array;
  readonly index?: number;
  readonly label?: number;
}

/** Whether the reader wants to look: nothing is computed before. */
export const isOpen = signal(false);
export const digit = signal<Digit | undefined>(undefined);
/** Rows and columns of every image. */
export const imageShape = signal<readonly [rows: number, columns: number]>([28, 28]);
/** The arm that is looked into. */
export const chosenArm = signal('');
/** How far the run is scrubbed back. */
const scrubbed = signal<{ readonly of: RunRecord; readonly step: number } | undefined>(undefined);

export function scrubTo(step: number): void {
  if (record.value) scrubbed.value = { of: record.value, step };
}

/** The step at which the run is shown. */
export const shownStep = computed(() => {
  const made = record.value;
  if (!made) return 0;
  return scrubbed.value?.of === made ? scrubbed.value.step : lastStep(made);
});

/** What is inside an arm of a run, and at which step. */
export interface Inspection extends Inside {
  readonly of: RunRecord;
  readonly arm: string;
  readonly step: number;
}

export type Answer = Pick<InspectionResult, 'answer' | 'probabilities'>;

export const answers = signal<ReadonlyMap<string, Answer>>(new Map());
export const inside = signal<Inspection | undefined>(undefined);
export const isLooking = signal(false);
export const lookFault = signal('');

/** Arms that name images, of a run that can be looked into. */
export const arms = computed(() => {
  const rest = runAtRest();
  return rest ? rest.specs.filter(({ task }) => task.kind === 'classifier').map(({ name }) => name) : [];
});

export const armInside = computed(() =>
  arms.value.includes(chosenArm.value) ? chosenArm.value : (arms.value[0] ?? ''),
);

/** Arms as they were at the step that is shown, so that the next look need not train again. */
let here: { readonly of: RunRecord; readonly step: number; readonly arms: Map<string, Checkpoint> } | undefined;
let isWanted = false;

export function startLooking(): void {
  effect(() => {
    const made = record.value;
    const isAsked = isOpen.value && arms.value.length > 0;
    void [digit.value, armInside.value, shownStep.value];
    if (!made || !isAsked) return;
    isWanted = true;
    if (!untracked(() => isLooking.value)) void look();
  });
  effect(() => {
    if (phase.value === 'idle' || phase.value === 'loading') untracked(forget);
  });
}

function forget(): void {
  here = undefined;
  answers.value = new Map();
  inside.value = undefined;
  lookFault.value = '';
}

/** The newest wish last; those between are passed over. */
async function look(): Promise<void> {
  isLooking.value = true;
  while (isWanted) {
    isWanted = false;
    try {
      await lookOnce();
      lookFault.value = '';
    } catch (error) {
      lookFault.value = error instanceof Error ? error.message : String(error);
    }
  }
  isLooking.value = false;
}

async function lookOnce(): Promise<void> {
  const [made, rest] = [record.value, runAtRest()];
  if (rest?.images) imageShape.value = await imageShapeOf(rest.images);
  const [step, chosen, pixels] = [shownStep.value, armInside.value, digit.value?.pixels];
  if (!made || !rest) return;
  if (here?.of !== made || here.step !== step) here = { of: made, step, arms: new Map() };
  const at = here;
  const isKnown = inside.value?.of === made && inside.value.arm === chosen && inside.value.step === step;
  const looks = rest.specs.flatMap((arm): Look[] => {
    const isThorough = arm.name === chosen && !isKnown;
    if (arm.task.kind !== 'classifier' || (!pixels && !isThorough)) return [];
    const end = lastStepOf(made.arms.find(({ name }) => name === arm.name) as RunRecord['arms'][number]);
    const target = Math.min(step, end);
    const checkpoint = at.arms.get(arm.name) ?? rest.kept.before(arm.name, target);
    return [{ arm, checkpoint, step: target, imageShape: imageShape.value, pixels, isThorough }];
  });
  const seen = new Map<string, Answer>();
  const isCurrent = () => record.value === made && runAtRest() !== undefined;
  await rest.pool().look(looks, isCurrent, (sight) => {
    if (!isCurrent()) return;
    at.arms.set(sight.arm, sight.checkpoint);
    if (sight.inside) inside.value = { ...sight.inside, of: made, arm: sight.arm, step };
    if (sight.probabilities) seen.set(sight.arm, sight);
  });
  if (isCurrent()) answers.value = seen;
}
