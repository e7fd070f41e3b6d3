// The page. All it knows of experiments is the registry.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { BenchPage } from './bench/bench-page.tsx';
import { benchWords } from './bench/words.ts';
import { startColours } from './colours.ts';
import { ExperimentPage } from './parts/experiment-page.tsx';
import { Files } from './parts/files.tsx';
import { Header } from './parts/header.tsx';
import { Home } from './parts/home.tsx';
import { startDropping } from './place/opening.ts';
import { benchHash, experiment, startPlace } from './place/place.ts';
import { startPlayground } from './place/playground.ts';
import { startLooking } from './run/inside.ts';
import { say, startLanguage } from './text/language.ts';

/** In the tab, in bookmarks, and what a screen reader says first. */
function startTitle(): void {
  effect(() => {
    const title = benchHash.value === undefined ? experiment.value?.title : benchWords.title;
    document.title = title ? `${say(title)} · Descent` : 'Descent';
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
startColours();
startPlace();
startPlayground();
startTitle();
startDropping();
startLooking();
render(<Page />, document.getElementById('app') as HTMLElement);

// Offline after the first visit; only secure pages may.
void navigator.serviceWorker?.register(new URL('offline.js', document.baseURI)).catch(() => {});
