// The misclassified test images of an arm, highest confidence first, with a CSV of all of them.
import type { Misclassified } from '@descent/experiments';
import { imageShape } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import type { Inside } from '../worker/messages.ts';
import { showTestImage } from './digit-canvas.tsx';
import { save } from './figure-files.ts';
import { DigitPicture } from './pixels.tsx';
import { percent } from './predictions.tsx';
import { Scrollable } from './scrollable.tsx';
import { TableHead } from './table-head.tsx';

/** Shows a misclassified image in the canvas, which is above the table, and scrolls to it. */
async function inspectMistake(index: number): Promise<void> {
  await showTestImage(index);
  document.getElementById('pad')?.scrollIntoView({ block: 'nearest' });
}

export function MisclassifiedImages({ mistakes, pictures, tested }: Inside) {
  const heads = [t('test-image'), t('label'), t('answer'), t('probability')];
  const csv = () => {
    const rows = mistakes.map(({ index, label, predicted: answer, probability }) =>
      [index, label, answer, probability].join(','),
    );
    return new Blob([`index,label,answer,probability\r\n${rows.join('\r\n')}\r\n`], { type: 'text/csv' });
  };
  return (
    <>
      <p>
        {t('wrong', { wrong: mistakes.length, tested })}{' '}
        <button id="save-mistakes" type="button" class="small" onClick={() => save(csv(), 'mistakes.csv')}>
          CSV
        </button>
      </p>
      {pictures.length > 0 && (
        <Scrollable class="table" label={t('mistakes')}>
          <table id="mistakes">
            <TableHead heads={heads} />
            <tbody>
              {pictures.map((pixels, i) => {
                const { index, label, predicted: answer, probability } = mistakes[i] as Misclassified;
                return (
                  <tr key={index}>
                    <th scope="row">
                      <button type="button" class="small" onClick={() => inspectMistake(index)}>
                        <DigitPicture pixels={pixels} columns={imageShape.value[1]} /> {index}
                      </button>
                    </th>
                    <td>{label}</td>
                    <td>{answer === -1 ? '—' : answer}</td>
                    <td>{percent(probability)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scrollable>
      )}
    </>
  );
}
