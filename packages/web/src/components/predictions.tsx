// The predictions of every arm: a table whose cells are also bars.
import type { CSSProperties } from 'preact';
import { arms, predictions } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { Scrollable } from './scrollable.tsx';
import { TableHead } from './table-head.tsx';

const digits = Array.from({ length: 10 }, (_, i) => i);

export function Answers() {
  if (predictions.value.size === 0) return null;
  return (
    <Scrollable class="table" label={t('answers')}>
      <table id="answers" class="bars">
        <caption>{t('answers')}</caption>
        <TableHead heads={[t('arm'), t('answer'), ...digits]} />
        <tbody>
          {arms.value.map((name) => {
            const { answer, probabilities } = predictions.value.get(name) ?? {};
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <strong>{answer === -1 ? '—' : answer}</strong>
                </td>
                {digits.map((each) => {
                  const share = probabilities?.[each] ?? Number.NaN;
                  return (
                    <td key={each} class={each === answer ? 'most' : ''} style={{ '--share': share } as CSSProperties}>
                      <data value={share}>{percent(share)}</data>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrollable>
  );
}

export function percent(share: number): string {
  return Number.isNaN(share) ? '—' : (100 * share).toFixed(share < 0.1 ? 1 : 0);
}
