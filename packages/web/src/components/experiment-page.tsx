// The page of one experiment: its question, the stage with figure and buttons, settings, findings and lesson.
import type { Experiment } from '@descent/experiments';
import { computed, useSignalEffect } from '@preact/signals';
import { t } from '../state/language.ts';
import { heading } from '../state/page-state.ts';
import { phase, record } from '../state/session.ts';
import { lazy } from './lazy.tsx';
import { LessonView } from './lesson-view.tsx';
import { Settings } from './option-form.tsx';
import { PredictionPanel } from './prediction-panel.tsx';
import { onRunDone, run } from './run-bar.tsx';
import { Stage } from './stage.tsx';

const Results = lazy(async () => (await import('./results.tsx')).Results);

/** On a wide screen the settings are beside the figure; on a narrow one they are closed, below it. */
const isWide = matchMedia('(min-width: 60rem)').matches;

const hasRecord = computed(() => record.value !== undefined);

export function ExperimentPage({ experiment }: { readonly experiment: Experiment }) {
  useSignalEffect(() => {
    if (phase.value === 'done') onRunDone();
  });
  const { title, question } = heading.value ?? experiment;
  return (
    <>
      <p class="crumb">{experiment.section ? t('home.book', { section: experiment.section }) : t('home.beyond')}</p>
      <h1 class="title">{t(title)}</h1>
      <p class="question">{t(question)}</p>
      <form
        class="workbench"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Stage experiment={experiment} />
        <aside>
          <PredictionPanel experiment={experiment} />
          <Settings experiment={experiment} isOpen={isWide} />
        </aside>
        <div class="findings">{hasRecord.value && <Results experiment={experiment} />}</div>
      </form>
      <LessonView lesson={experiment.lesson} />
    </>
  );
}
