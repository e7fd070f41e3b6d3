// The benchmark: what to measure, how it goes, bars and numbers, and a link that carries them.
import { benchFigures } from '@descent/experiments/bench';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { CopyLink } from '../components/copy-link.tsx';
import { save } from '../components/figure-files.ts';
import { FigureView } from '../components/figure-view.tsx';
import { t } from '../state/language.ts';
import { BenchNumbers } from './bench-numbers.tsx';
import type { SuiteName } from './messages.ts';
import {
  benchFault,
  benchLink,
  benchPhase,
  benchReport,
  benchShare,
  benchView,
  measure,
  openBench,
  stopBench,
} from './session.ts';
import { benchWords } from './words.ts';

export function BenchPage({ hash }: { readonly hash: string }) {
  useEffect(() => {
    void openBench(hash);
    return stopBench;
  }, [hash]);
  return (
    <>
      <h1>{t(benchWords.title)}</h1>
      <p class="question">{t(benchWords.lead)}</p>
      <Controls />
      <Status />
      <BenchResults />
    </>
  );
}

function Controls() {
  const suite = useSignal<SuiteName>('kernels');
  const only = useSignal('matmul');
  const isThorough = useSignal(false);
  const isBusy = benchPhase.value === 'loading' || benchPhase.value === 'measuring';
  return (
    <form
      class="measure"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void measure({ suite: suite.value, quick: !isThorough.value, only: only.value.trim() });
      }}
    >
      <label class="field" for="bench-suite">
        <span>{t(benchWords.suite)}</span>
        <select
          id="bench-suite"
          value={suite.value}
          onChange={({ currentTarget }) => {
            suite.value = currentTarget.value as SuiteName;
            only.value = suite.value === 'kernels' ? 'matmul' : '';
          }}
        >
          {(['kernels', 'step'] as const).map((name) => (
            <option key={name} value={name}>
              {t(benchWords.suites[name])}
            </option>
          ))}
        </select>
      </label>
      <label class="field" for="bench-only">
        <span>{t(benchWords.only)}</span>
        <input
          id="bench-only"
          value={only.value}
          spellcheck={false}
          maxLength={40}
          aria-describedby="help-only"
          onInput={({ currentTarget }) => {
            only.value = currentTarget.value;
          }}
        />
        <small id="help-only">{t(benchWords.onlyHelp)}</small>
      </label>
      <label class="field check" for="bench-full">
        <span>{t(benchWords.full)}</span>
        <input
          id="bench-full"
          type="checkbox"
          checked={isThorough.value}
          aria-describedby="help-full"
          onChange={({ currentTarget }) => {
            isThorough.value = currentTarget.checked;
          }}
        />
        <small id="help-full">{t(benchWords.fullHelp)}</small>
      </label>
      <div class="buttons">
        <button id="measure" type="submit" class="main" disabled={isBusy}>
          {t(benchView.value ? benchWords.again : benchWords.measure)}
        </button>
        <button id="stop-bench" type="button" disabled={!isBusy} onClick={stopBench}>
          {t('stop')}
        </button>
      </div>
    </form>
  );
}

function Status() {
  const at = benchPhase.value;
  const isBusy = at === 'loading' || at === 'measuring';
  return (
    <div class="status">
      <p id="status" role="status" class={at === 'failed' ? 'error' : ''}>
        {announcement()}
      </p>
      {isBusy && (
        <>
          <progress max={1} value={benchShare.value} aria-label={t('progress')} />
          <span class="share" aria-hidden="true">
            {Math.floor(100 * benchShare.value)} %
          </span>
        </>
      )}
    </div>
  );
}

/** Only what a listener should be told; the percentage is in the bar. */
function announcement(): string {
  switch (benchPhase.value) {
    case 'failed':
      return benchFault.value;
    case 'loading':
      return t('preparing');
    case 'measuring':
      return t(benchWords.measuring);
    case 'stopped':
      return t('stopped');
    case 'done':
      return t(benchWords.done);
    default:
      return t(benchView.value ? benchWords.shared : benchWords.quiet);
  }
}

function BenchResults() {
  const view = benchView.value;
  const report = benchReport.value;
  const figures = useMemo(() => (view ? benchFigures(view) : []), [view]);
  if (!view) return null;
  const { spread, noisy } = view.noise;
  const percent = (100 * spread).toPrecision(2);
  return (
    <>
      <p id="noise" class={noisy ? 'note noisy' : 'note'}>
        {t(noisy ? benchWords.noisy(percent) : benchWords.steady(percent))}
      </p>
      {figures
        .filter(({ panels }) => panels.some(({ curves }) => curves.length > 0))
        .map((figure) => (
          <FigureView key={figure.id} figure={figure} name={`bench-${view.suite}`} />
        ))}
      <BenchNumbers view={view} />
      <p class="buttons">
        {report && (
          <button
            id="save-report"
            type="button"
            onClick={() => save(new Blob([`${JSON.stringify(report)}\n`], { type: 'application/json' }), 'bench.json')}
          >
            {t(benchWords.save)}
          </button>
        )}
        <CopyLink hash={benchLink.value} />
      </p>
    </>
  );
}
