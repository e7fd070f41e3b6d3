// The numbers of a benchmark: every row, the roof, what else ought to be known, and what it was measured on.
import { type BenchView, speedupOf } from '@descent/experiments/bench';
import { Scrollable } from '../components/scrollable.tsx';
import { TableHead } from '../components/table-head.tsx';
import { formatNumber } from '../state/format-number.ts';
import { t } from '../state/language.ts';
import { benchWords } from './words.ts';

export function BenchNumbers({ view }: { readonly view: BenchView }) {
  const isKernels = view.suite === 'kernels';
  const heads = [benchWords.name, benchWords.variant, benchWords.median, benchWords.interval];
  const more = isKernels ? [benchWords.roofShare, benchWords.times] : [benchWords.times];
  return (
    <section aria-labelledby="bench-numbers">
      <h2 id="bench-numbers">{t(benchWords.numbers)}</h2>
      <Scrollable class="table" label={t(benchWords.numbers)}>
        <table>
          <TableHead heads={[...heads, ...more].map((text) => t(text))} />
          <tbody>
            {view.rows.map((row) => (
              <tr key={`${row.name} ${row.variant}`}>
                <th scope="row">{row.name}</th>
                <td>{row.variant}</td>
                <td>{formatNumber(row.medianUs)}</td>
                <td>{row.ci95Us.map((edge) => formatNumber(edge)).join(' – ')}</td>
                {isKernels && (
                  <td>{row.roofFraction === undefined ? '—' : `${Math.round(100 * row.roofFraction)} %`}</td>
                )}
                <td>{timesOf(row, view)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {view.roof.length > 0 && (
        <>
          <h2>{t(benchWords.roof)}</h2>
          <ul id="roof">
            {view.roof.map(({ variant, gflops, gbps }) => (
              <li key={variant}>
                {variant}: {formatNumber(gflops)} GFLOP/s, {formatNumber(gbps)} GB/s
              </li>
            ))}
          </ul>
        </>
      )}
      {view.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <p id="environment">
        {t(benchWords.environment)}: {Object.values(view.environment).join(' · ')}
      </p>
    </section>
  );
}

/** To the tenth: more is not certain. */
function timesOf(row: BenchView['rows'][number], view: BenchView): string {
  const times = speedupOf(row, view)?.value;
  return times === undefined ? '—' : times.toFixed(1);
}
