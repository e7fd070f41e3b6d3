// What every arm answers: a row of bars each, which are the table of their numbers too.
import type { CSSProperties } from 'preact';
import { answers, arms } from '../run/inside.ts';
import { say } from '../text/language.ts';
import { words } from '../text/words.ts';
import { Scrollable } from './scrollable.tsx';
import { TableHead } from './table-head.tsx';

const digits = Array.from({ length: 10 }, (_, i) => i);

export function Answers() {
  if (answers.value.size === 0) return null;
  return (
    <Scrollable class="table" label={say(words.answers)}>
      <table id="answers" class="bars">
        <caption>{say(words.answers)}</caption>
        <TableHead heads={[say(words.arm), say(words.answer), ...digits]} />
        <tbody>
          {arms.value.map((name) => {
            const { answer, probabilities } = answers.value.get(name) ?? {};
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
