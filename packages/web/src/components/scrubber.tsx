// The scrubber: shows the run as it was at an earlier step, and plays it.
import { scrubTo, shownStep } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { isPlaying, play, speed, speeds, stopPlayback } from '../state/playback.ts';
import { phase } from '../state/session.ts';

export function Scrubber({ end }: { readonly end: number }) {
  const step = Math.floor(shownStep.value);
  const isBusy = phase.value === 'running' || phase.value === 'loading';
  return (
    <div class="scrub">
      <button
        id="play"
        type="button"
        disabled={isBusy}
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
          max={end}
          value={step}
          disabled={isBusy}
          onInput={({ currentTarget }) => {
            stopPlayback();
            scrubTo(Number(currentTarget.value));
          }}
        />
      </label>
      <output for="scrub">{t('step1', { n: step.toLocaleString('en') })}</output>
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
