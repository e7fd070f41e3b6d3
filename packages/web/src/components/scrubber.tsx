// The scrubber: shows the run as it was at an earlier step.
import { scrubTo, shownStep } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { phase } from '../state/session.ts';

export function Scrubber({ end }: { readonly end: number }) {
  return (
    <label class="scrub">
      <span class="visually-hidden">{t('through')}</span>
      <input
        id="scrub"
        type="range"
        min={0}
        max={end}
        value={shownStep.value}
        disabled={phase.value === 'running' || phase.value === 'loading'}
        onInput={({ currentTarget }) => scrubTo(Number(currentTarget.value))}
      />
      <output for="scrub">{t('step1', { n: shownStep.value.toLocaleString('en') })}</output>
    </label>
  );
}
