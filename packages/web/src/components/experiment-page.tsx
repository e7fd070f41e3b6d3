// The page of one experiment: its question, form and run.
import type { Experiment } from '@descent/experiments';
import { isComplete } from '@descent/experiments';
import { useSignalEffect } from '@preact/signals';
import { t } from '../state/language.ts';
import { expected } from '../state/page-state.ts';
import { phase } from '../state/session.ts';
import { LessonView } from './lesson-view.tsx';
import { OptionForm } from './option-form.tsx';
import { Results } from './results.tsx';
import { onRunDone, RunBar, run } from './run-bar.tsx';

/** On a wide screen the settings are beside the figure; on a narrow one they are closed, below the buttons. */
const isWide = matchMedia('(min-width: 60rem)').matches;

export function ExperimentPage({ experiment }: { readonly experiment: Experiment }) {
  useSignalEffect(() => {
    if (phase.value === 'done') onRunDone();
  });
  return (
    <>
      <h1>{t(experiment.title)}</h1>
      <p class="question">{t(experiment.question)}</p>
      <LessonView lesson={experiment.lesson} />
      <form
        class="bench"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <div class="stage">
          <RunBar />
          {!isWide && <Settings />}
          <Expectation />
          <Results experiment={experiment} />
        </div>
        {isWide && <Settings />}
      </form>
    </>
  );
}

function Settings() {
  return (
    <details class="settings" open={isWide}>
      <summary>{t('settings')}</summary>
      <OptionForm />
    </details>
  );
}

/** A note on the result with which the next run is compared. */
function Expectation() {
  const held = expected.value;
  if (!held) return null;
  if ('digest' in held) return phase.value === 'idle' ? <p class="note">{t('linked')}</p> : null;
  return <p class="note">{t(isComplete(held.record) ? 'opened' : 'opened-stopped')}</p>;
}
