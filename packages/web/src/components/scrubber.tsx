// The scrubber: shows the run as it was at an earlier step or epoch, whichever the figures count, and plays it.
import { type RunRecord, recordedEpoch } from '@descent/experiments';
import { scrubTo, shownStep } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { isPlaying, play, speed, speeds, stopPlayback } from '../state/playback.ts';
import { isBusy, record } from '../state/session.ts';

export function Scrubber({ end }: { readonly end: number }) {
  const unit = record.value ? getUnit(record.value) : 1;
  const at = Math.floor(shownStep.value / unit);
  /** The last step of an epoch: measurements during it have its number. */
  const toStep = (position: number) => Math.min(end, (position + 1) * unit - 1);
  return (
    <div class="scrub">
      <button
        id="play"
        type="button"
        disabled={isBusy.value}
        aria-label={t(isPlaying.value ? 'pause-playback' : 'play')}
        onClick={isPlaying.value ? stopPlayback : play}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={isPlaying.value ? 'M3 2h4v12H3zM9 2h4v12H9z' : 'M3 1.5 14 8 3 14.5z'} />
        </svg>
      </button>
      <label>
        <span class="visually-hidden">{t('through')}</span>
        <input
          id="scrub"
          type="range"
          min={0}
          max={Math.floor(end / unit)}
          value={at}
          disabled={isBusy.value}
          onInput={({ currentTarget }) => {
            stopPlayback();
            scrubTo(toStep(Number(currentTarget.value)));
          }}
        />
      </label>
      <output for="scrub">{t(unit === 1 ? 'step1' : 'epoch1', { n: at.toLocaleString('en') })}</output>
      <select
        id="speed"
        aria-label={t('speed')}
        value={String(speed.value)}
        onInput={({ currentTarget }) => {
          speed.value = Number(currentTarget.value);
        }}
      >
        {speeds.map((each) => (
          <option key={each} value={String(each)}>
            {each}×
          </option>
        ))}
      </select>
    </div>
  );
}

/** Returns the steps of one position: those of an epoch if the run is measured in epochs. */
function getUnit(record: RunRecord): number {
  return 'epochs' in record.options ? recordedEpoch(record) : 1;
}
