// The benchmark page, `#bench`: a form, progress, and the figures and tables of the report.
import { type BenchTable, benchFigures, benchTables } from '@descent/experiments/bench';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { save } from '../components/figure-files.ts';
import { FigureView } from '../components/figure-view.tsx';
import { Scrollable } from '../components/scrollable.tsx';
import { TableHead } from '../components/table-head.tsx';
import { t } from '../state/language.ts';
import { benchError, benchPhase, benchReport, benchShare, measure, resetBench, stopBench } from './session.ts';
import type { BenchRequest, Report } from './worker.ts';

export function BenchPage() {
  useEffect(() => {
    resetBench();
    return stopBench;
  }, []);
  const report = benchReport.value;
  return (
    <>
      <h1>{t('bench.title')}</h1>
      <p class="question">{t('bench.lead')}</p>
      <Form />
      <Status />
      {report && <Results report={report} />}
    </>
  );
}

const isBusy = () => benchPhase.value === 'loading' || benchPhase.value === 'measuring';

function Form() {
  const suite = useSignal<BenchRequest['suite']>('kernels');
  const only = useSignal('matmul');
  const isThorough = useSignal(false);
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
        <span>{t('bench.suite')}</span>
        <select
          id="bench-suite"
          value={suite.value}
          onChange={({ currentTarget }) => {
            suite.value = currentTarget.value as BenchRequest['suite'];
            only.value = suite.value === 'kernels' ? 'matmul' : '';
          }}
        >
          <option value="kernels">{t('bench.suites.kernels')}</option>
          <option value="step">{t('bench.suites.step')}</option>
        </select>
      </label>
      <label class="field" for="bench-only">
        <span>{t('bench.only')}</span>
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
        <small id="help-only">{t('bench.only-help')}</small>
      </label>
      <label class="field check" for="bench-full">
        <span>{t('bench.full')}</span>
        <input
          id="bench-full"
          type="checkbox"
          checked={isThorough.value}
          aria-describedby="help-full"
          onChange={({ currentTarget }) => {
            isThorough.value = currentTarget.checked;
          }}
        />
        <small id="help-full">{t('bench.full-help')}</small>
      </label>
      <div class="buttons">
        <button id="measure" type="submit" class="main" disabled={isBusy()}>
          {t(benchReport.value ? 'bench.again' : 'bench.measure')}
        </button>
        <button id="stop-bench" type="button" disabled={!isBusy()} onClick={stopBench}>
          {t('stop')}
        </button>
      </div>
    </form>
  );
}

/** Announces the phase to screen readers; the percentage is in the progress bar only. */
function Status() {
  const texts = {
    idle: 'bench.quiet',
    loading: 'preparing',
    measuring: 'bench.measuring',
    done: 'bench.done',
    stopped: 'stopped',
  } as const;
  const phase = benchPhase.value;
  return (
    <div class="status">
      <p id="status" role="status" class={phase === 'failed' ? 'error' : ''}>
        {phase === 'failed' ? benchError.value : t(texts[phase])}
      </p>
      {isBusy() && (
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

function Results({ report }: { readonly report: Report }) {
  const figures = useMemo(() => benchFigures(report), [report]);
  const { spread, noisy } = report.noise;
  const percent = (100 * spread).toPrecision(2);
  return (
    <>
      <p id="noise" class={noisy ? 'note noisy' : 'note'}>
        {t(noisy ? 'bench.noisy' : 'bench.steady', { percent })}
      </p>
      {figures
        .filter(({ panels }) => panels.some(({ curves }) => curves.length > 0))
        .map((figure) => (
          <FigureView key={figure.id} figure={figure} name={`bench-${report.suite}`} />
        ))}
      {benchTables(report).map((table, index) => (
        <Table key={index} table={table} />
      ))}
      {report.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <p id="environment">
        {t('bench.environment')}: {Object.values(report.environment).join(' · ')}
      </p>
      <p class="buttons">
        <button
          id="save-report"
          type="button"
          onClick={() => save(new Blob([`${JSON.stringify(report)}\n`], { type: 'application/json' }), 'bench.json')}
        >
          {t('bench.save')}
        </button>
      </p>
    </>
  );
}

function Table({ table: { title, head, rows } }: { readonly table: BenchTable }) {
  const show = (text: BenchTable['title']) => (typeof text === 'string' ? text : t(text));
  return (
    <section>
      <p class="note">{show(title)}</p>
      <Scrollable class="table" label={show(title)}>
        <table>
          <TableHead heads={head.map(show)} />
          <tbody>
            {rows.map(([name, ...cells], row) => (
              <tr key={row}>
                <th scope="row">{name}</th>
                {cells.map((cell, column) => (
                  <td key={head[column + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </section>
  );
}
