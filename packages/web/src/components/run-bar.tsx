// The buttons of a run, and how it fares.

import { t } from '../state/language.ts';
import { expected, experiment, nextSeed, placeAsked, variantOf, writeAddress } from '../state/page-state.ts';
import { fault, loaded, pause, phase, progress, record, reset, resume, start, stop } from '../state/session.ts';
import { words } from '../text/words.ts';

export function RunBar() {
  const at = phase.value;
  const isBusy = at === 'running' || at === 'loading';
  const isResting = at === 'paused' || at === 'stopped';
  return (
    <div class="run-bar">
      <div class="buttons">
        {isBusy ? (
          <button id="pause" type="button" class="main" disabled={at === 'loading'} onClick={pause}>
            {t(words.pause)}
          </button>
        ) : isResting ? (
          <button id="resume" type="button" class="main" onClick={() => resume()}>
            {t(words.resume)}
          </button>
        ) : (
          <button id="run" type="submit" class="main">
            {t(
              expected.value && 'record' in expected.value ? words.verify : at === 'idle' ? words.run : words.runAgain,
            )}
          </button>
        )}
        <button id="step" type="button" disabled={isBusy} onClick={() => (isResting ? resume(1) : run(1))}>
          {t(words.step)}
        </button>
        <button id="stop" type="button" disabled={!isBusy && at !== 'paused'} onClick={() => stop()}>
          {t(words.stop)}
        </button>
        <button id="clear" type="button" disabled={at === 'idle' || isBusy} onClick={clear}>
          {t(words.reset)}
        </button>
        <button id="new-seed" type="button" disabled={isBusy} onClick={nextSeed}>
          {t(words.newSeed)}
        </button>
      </div>
      <Status />
    </div>
  );
}

function clear(): void {
  reset();
  expected.value = undefined;
}

/** Runs what the form asks for; where a value is out of range, goes there instead. */
export async function run(atMost?: number): Promise<void> {
  const place = placeAsked();
  if (!place) {
    const wrong = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    const details = wrong?.closest('details');
    if (details) details.open = true;
    wrong?.focus();
    return;
  }
  await start(place, expected.value, atMost);
}

/** When a run has ended: its digest into the address, and what comes after is held against it. */
export function onPhase(): void {
  const [made, place] = [record.value, placeAsked()];
  if (phase.value !== 'done' || !made || !place || made.experiment !== experiment.value?.name) return;
  writeAddress({ ...place, variant: variantOf(made) }, made);
}

function Status() {
  const at = phase.value;
  const isLoading = at === 'loading';
  const share = isLoading ? loaded.value[0] / loaded.value[1] : progress.value;
  return (
    <div class="status">
      <p id="status" role="status" class={at === 'failed' ? 'fault' : ''}>
        {announcement()}
      </p>
      {(isLoading || at === 'running' || at === 'paused') && (
        <>
          <progress max={1} value={share} aria-label={t(words.progress)} />
          <span class="share" aria-hidden="true">
            {t(isLoading ? fetching() : words.running(Math.floor(100 * share)))}
          </span>
        </>
      )}
    </div>
  );
}

/** Only what a listener should be told; the percentage is in the bar. */
function announcement(): string {
  switch (phase.value) {
    case 'failed':
      return fault.value;
    case 'loading':
      return t(words.preparing);
    case 'running':
      return t(words.started);
    case 'paused':
      return t(words.paused);
    case 'stopped':
      return t(words.stopped);
    case 'done':
      return t(words.done((record.value?.elapsedSeconds ?? 0).toFixed(1)));
    default:
      return t(words.ready);
  }
}

function fetching() {
  const [received, total] = loaded.value.map((bytes) => (bytes / 1e6).toFixed(1)) as [string, string];
  return words.fetching(received, total);
}
