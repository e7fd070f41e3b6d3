// The bar of the stage: the buttons of a run, its seal and its status.
import { seedRecords } from '../state/kept-runs.ts';
import { t } from '../state/language.ts';
import {
  changeCount,
  expected,
  experiment,
  getRequestedState,
  getVariant,
  nextSeed,
  updateAddress,
} from '../state/page-state.ts';
import { expectPreview } from '../state/preview.ts';
import { runSeeds, SEEDS, seedInProgress } from '../state/seeds.ts';
import {
  errorMessage,
  isBusy,
  isResting,
  loaded,
  pause,
  phase,
  progress,
  record,
  reset,
  resume,
  seal,
  start,
  stop,
} from '../state/session.ts';
import { SealView } from './seal-view.tsx';

export function RunBar() {
  const at = phase.value;
  const busy = isBusy.value;
  const canResume = isResting.value && changeCount.value === 0;
  return (
    <div class="bar">
      <div class="buttons">
        {busy ? (
          // Not `disabled` while the data load: a disabled button loses the focus.
          <button
            id="pause"
            type="button"
            class="main"
            aria-disabled={at === 'loading'}
            onClick={at === 'loading' ? undefined : pause}
          >
            {t('pause')}
          </button>
        ) : canResume ? (
          <button id="resume" type="button" class="main" onClick={() => resume()}>
            {t('resume')}
          </button>
        ) : (
          <button id="run" type="submit" class="main">
            {runLabel()}
          </button>
        )}
        <button id="step" type="button" disabled={busy} onClick={() => (canResume ? resume(1) : run(1))}>
          {t('step')}
        </button>
        {experiment.value?.isSeeded !== false && (
          <button id="run-seeds" type="button" disabled={busy} onClick={runOverSeeds}>
            {t('run-seeds', { count: SEEDS })}
          </button>
        )}
        {seal.value && <SealView seal={seal.value} />}
      </div>
      <Status />
      <div class="buttons quiet">
        <button id="stop" type="button" disabled={!busy && at !== 'paused'} onClick={() => stop()}>
          {t('stop')}
        </button>
        <button id="clear" type="button" disabled={at === 'idle' || busy} onClick={clear}>
          {t('reset')}
        </button>
        {experiment.value?.isSeeded !== false && (
          <button id="new-seed" type="button" disabled={busy} onClick={nextSeed}>
            {t('new-seed')}
          </button>
        )}
      </div>
    </div>
  );
}

function runLabel(): string {
  const changes = changeCount.value;
  if (changes > 0) return changes === 1 ? t('run-change') : t('run-changes', { count: changes });
  if (expected.value && 'record' in expected.value) return t('verify');
  return t(phase.value === 'idle' ? 'run' : 'run-again');
}

function clear(): void {
  reset();
  expected.value = undefined;
}

/** Runs the experiment with the values of the form. */
export async function run(atMost?: number): Promise<void> {
  const place = getValidState();
  if (place) await start(place, expected.value ?? (await expectPreview(place)), atMost);
}

async function runOverSeeds(): Promise<void> {
  const place = getValidState();
  if (place) runSeeds(place, expected.value ?? (await expectPreview(place)));
}

/** Returns the run that the form describes. Focuses the first value that is out of range, if there is one. */
function getValidState() {
  const place = getRequestedState();
  if (place) return place;
  const wrong = document.querySelector<HTMLElement>('[aria-invalid="true"]');
  for (let box = wrong?.closest('details'); box; box = box.parentElement?.closest('details')) box.open = true;
  wrong?.focus();
  return undefined;
}

/** Writes the digest of a finished run to the address, unless the settings were changed during the run. */
export function onRunDone(): void {
  const [shownRecord, place] = [record.value, getRequestedState()];
  if (phase.value !== 'done' || changeCount.value > 0) return;
  if (!shownRecord || !place || shownRecord.experiment !== experiment.value?.name) return;
  // A later one of several seeds.
  if (shownRecord.seed !== place.seed) return;
  updateAddress({ ...place, variant: getVariant(shownRecord) }, shownRecord);
}

function Status() {
  const at = phase.value;
  const isLoading = at === 'loading';
  const share = isLoading ? loaded.value[0] / loaded.value[1] : progress.value;
  // The share alone says that the run goes on: two texts would wrap and move the page.
  const hasShare = isLoading || at === 'running';
  return (
    <div class="status">
      <p id="status" role="status" class={at === 'failed' ? 'error' : hasShare ? 'visually-hidden' : ''}>
        {announcement()}
      </p>
      {(hasShare || at === 'paused') && (
        <>
          <progress max={1} value={share} aria-label={t('progress')} />
          <span class="share" aria-hidden="true">
            {isLoading ? fetching() : training(share)}
          </span>
        </>
      )}
    </div>
  );
}

/** Returns the text for screen readers. The percentage is in the progress bar. */
export function announcement(): string {
  switch (phase.value) {
    case 'failed':
      return errorMessage.value;
    case 'loading':
      return t('preparing');
    case 'running':
      return t('started');
    case 'paused':
      return t('paused');
    case 'stopped':
      return t('stopped');
    case 'done':
      return t('done', { seconds: getSeconds().toFixed(1) });
    default:
      return t('ready');
  }
}

/** Returns the training time of all seeds. */
function getSeconds(): number {
  const records = seedRecords.value.length > 0 ? seedRecords.value : [record.value];
  return records.reduce((sum, each) => sum + (each?.elapsedSeconds ?? 0), 0);
}

function training(share: number): string {
  const text = t('running', { percent: Math.floor(100 * share) });
  const n = seedInProgress.value;
  return n === 0 ? text : `${t('seed-in-progress', { n, count: SEEDS })} · ${text}`;
}

function fetching() {
  const [done, total] = loaded.value.map((bytes) => (bytes / 1e6).toFixed(1)) as [string, string];
  return t('fetching', { done, total });
}
