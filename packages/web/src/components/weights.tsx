// The weights of the first layer as images on one color scale: negative blue, positive red.
import { formatNumber } from '@descent/experiments';
import type { Theme } from '@descent/experiments/svg';
import { theme } from '../state/colors.ts';
import { t } from '../state/language.ts';
import type { Inside } from '../worker/messages.ts';
import { Pixels, type Rgb } from './pixels.tsx';

const scales: Readonly<Record<Theme, readonly [negative: Rgb, zero: Rgb, positive: Rgb]>> = {
  light: [
    [20, 80, 190],
    [255, 255, 255],
    [190, 40, 20],
  ],
  dark: [
    [110, 175, 255],
    [18, 22, 28],
    [255, 130, 100],
  ],
};

/** @param share from −1 to 1 */
function toColor(share: number): Rgb {
  const [negative, zero, positive] = scales[theme.value];
  const end = share < 0 ? negative : positive;
  return zero.map((from, i) => from + (end[i as 0] - from) * Math.abs(share)) as unknown as Rgb;
}

export function Weights({ weights: { shape, values }, units }: Pick<Inside, 'weights' | 'units'>) {
  const [count, rows, columns] = shape;
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const across = Math.min(count, columns > 4 * rows ? 2 : 10);
  // One empty pixel between two images.
  const at = (x: number, y: number) => {
    const [column, row] = [x % (columns + 1), y % (rows + 1)];
    const picture = Math.floor(y / (rows + 1)) * across + Math.floor(x / (columns + 1));
    if (column === columns || row === rows || picture >= count) return undefined;
    return toColor((values[(picture * rows + row) * columns + column] as number) / greatest);
  };
  return (
    <>
      <Pixels
        class="weights"
        width={across * (columns + 1) - 1}
        height={Math.ceil(count / across) * (rows + 1) - 1}
        at={at}
        label={t('weights-of', { count, units, greatest: formatNumber(greatest) })}
      />
      <p class="scale">
        {formatNumber(-greatest)}
        <Pixels width={101} height={1} at={(x) => toColor(x / 50 - 1)} />
        {formatNumber(greatest)}
      </p>
    </>
  );
}
