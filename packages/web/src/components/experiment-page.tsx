// The page of one experiment: its question, the stage with figure and buttons, settings, findings and lesson.
import type { Experiment } from '@descent/experiments';
import { computed, useSignalEffect } from '@preact/signals';
import { t } from '../state/language.ts';
import { formatLink } from '../state/link.ts';
import { getRequestedState, heading, view } from '../state/page-state.ts';
import { phase, record } from '../state/session.ts';
import { lazy } from './lazy.tsx';
import { LessonView } from './lesson-view.tsx';
import { Settings } from './option-form.tsx';
import { PredictionPanel } from './prediction-panel.tsx';
import { onRunDone, run } from './run-bar.tsx';
import { Stage } from './stage.tsx';

const Present = lazy(async () => (await import('./present.tsx')).Present);
const Results = lazy(async () => (await import('./results.tsx')).Results);

/** On a wide screen the settings are beside the figure; on a narrow one they are closed, below it. */
const isWide = matchMedia('(min-width: 60rem)').matches;

const hasRecord = computed(() => record.value !== undefined);

export function ExperimentPage({ experiment }: { readonly experiment: Experiment }) {
  useSignalEffect(() => {
    if (phase.value === 'done') onRunDone();
  });
  const { title, question } = heading.value ?? experiment;
  const { mode, show } = view.value;
  if (mode === 'present') return <Present experiment={experiment} />;
  const isEmbedded = mode === 'embed';
  return (
    <>
      <p class="crumb">{experiment.section ? t('home.book', { section: experiment.section }) : t('home.beyond')}</p>
      <h1 class="title">{t(title)}</h1>
      {!isEmbedded && <p class="question">{t(question)}</p>}
      <form
        class="workbench"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Stage experiment={experiment} />
        {(!isEmbedded || show) && (
          <aside>
            {!isEmbedded && <PredictionPanel experiment={experiment} />}
            <Settings experiment={experiment} isOpen={isWide} />
          </aside>
        )}
        {!isEmbedded && <div class="findings">{hasRecord.value && <Results experiment={experiment} />}</div>}
      </form>
      {isEmbedded ? <OpenInDescent /> : <LessonView lesson={experiment.lesson} />}
    </>
  );
}

/** The link from a frame in another page to the whole page, with the same settings. */
function OpenInDescent() {
  const place = getRequestedState();
  return (
    <p>
      <a href={place && formatLink({ ...place, view: {} })} target="_blank" rel="noopener">
        {t('open-in-descent')}
      </a>
    </p>
  );
}
