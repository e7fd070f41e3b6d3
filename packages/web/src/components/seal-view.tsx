// The seal of a run: the same bits as the one that was linked or opened, or where it first differs.

import type { Text } from '@descent/experiments';
import { message } from '../i18n/index.ts';
import { t } from '../state/language.ts';
import type { Seal } from '../state/session.ts';
import { words } from '../text/words.ts';

export function SealView({ seal }: { readonly seal: Seal }) {
  const where = seal.same ? undefined : placeOf(seal);
  return (
    <p id="seal" class={seal.same ? 'seal same' : 'seal differs'} role="status">
      <strong>{seal.same ? '✓' : '✗'}</strong> {t(seal.same ? words.sealSame : words.sealDiffers)}{' '}
      {where && t(words.sealWhere(where))}
    </p>
  );
}

/** As exactly as what it was held against can tell: a record to the step, a link between two steps. */
function placeOf({ difference, departure }: Extract<Seal, { same: false }>): string | undefined {
  if (departure) return `${departure.arm}, ${t(between(departure.after, departure.by))}`;
  if (!difference) return undefined;
  const { arm, claim, field, step } = difference;
  return [arm, claim, field, step === undefined ? undefined : t(words.step1(step))].filter(Boolean).join(', ');
}

function between(after: number, by: number): Text {
  return message('between', { after, by });
}
