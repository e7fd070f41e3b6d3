// The entry point of the page.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { ExperimentPage } from './components/experiment-page.tsx';
import { FileError, Files } from './components/files.tsx';
import { Header } from './components/header.tsx';
import { lazy } from './components/lazy.tsx';
import { message } from './i18n/index.ts';
import { startColors } from './state/colors.ts';
import { startDragRuns } from './state/drag-point.ts';
import { startInspector } from './state/inspector.ts';
import { fetchTexts, startLanguage, t } from './state/language.ts';
import { enableFileDrop } from './state/open-files.ts';
import { benchHash, experiment, heading, startRouting, view } from './state/page-state.ts';
import { startPlayback } from './state/playback.ts';
import { startPreviews } from './state/preview.ts';
import { startSeeds } from './state/seeds.ts';

const Home = lazy(async () => (await import('./components/home.tsx')).Home);
const BenchPage = lazy(async () => {
  const [{ BenchPage }] = await Promise.all([import('./bench/bench-page.tsx'), fetchTexts('en')]);
  return BenchPage;
});

/** Keeps the title of the document up to date. */
function startTitle(): void {
  effect(() => {
    const title = benchHash.value === undefined ? heading.value?.title : message('bench.title');
    document.title = title ? `${t(title)} · Descent` : 'Descent';
  });
}

function Page() {
  const chosen = experiment.value;
  const isBare = chosen !== undefined && view.value.mode !== undefined;
  return (
    <>
      {!isBare && <Header />}
      <FileError />
      <main id="main" tabIndex={-1}>
        {benchHash.value !== undefined ? (
          <BenchPage />
        ) : chosen ? (
          <ExperimentPage key={chosen.name} experiment={chosen} />
        ) : (
          <Home />
        )}
      </main>
      {!isBare && <Files />}
    </>
  );
}

await startLanguage();
startColors();
startSeeds();
startRouting();
startPreviews();
startDragRuns();
startTitle();
enableFileDrop();
startInspector();
startPlayback();
render(<Page />, document.getElementById('app') as HTMLElement);

// Makes the page available offline after the first visit. Browsers allow it on secure pages only.
void navigator.serviceWorker?.register(new URL('offline.js', document.baseURI)).catch(() => {});
