// The page. All it knows of experiments is the registry.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { BenchPage } from './bench/bench-page.tsx';
import { benchWords } from './bench/words.ts';
import { ExperimentPage } from './components/experiment-page.tsx';
import { Files } from './components/files.tsx';
import { Header } from './components/header.tsx';
import { Home } from './components/home.tsx';
import { startColors } from './state/colors.ts';
import { startPlayground } from './state/drag-point.ts';
import { startLooking } from './state/inspector.ts';
import { startLanguage, t } from './state/language.ts';
import { enableFileDrop } from './state/open-record.ts';
import { benchHash, experiment, startPlace } from './state/page-state.ts';

/** In the tab, in bookmarks, and what a screen reader says first. */
function startTitle(): void {
  effect(() => {
    const title = benchHash.value === undefined ? experiment.value?.title : benchWords.title;
    document.title = title ? `${t(title)} · Descent` : 'Descent';
  });
}

function Page() {
  const chosen = experiment.value;
  const bench = benchHash.value;
  return (
    <>
      <Header />
      <main id="main" tabIndex={-1}>
        {bench !== undefined ? (
          <BenchPage hash={bench} />
        ) : chosen ? (
          <ExperimentPage key={chosen.name} experiment={chosen} />
        ) : (
          <Home />
        )}
      </main>
      <Files />
    </>
  );
}

await startLanguage();
startColors();
startPlace();
startPlayground();
startTitle();
enableFileDrop();
startLooking();
render(<Page />, document.getElementById('app') as HTMLElement);

// Offline after the first visit; only secure pages may.
void navigator.serviceWorker?.register(new URL('offline.js', document.baseURI)).catch(() => {});
