// The seal of a run: whether its result equals the linked or opened one bit for bit, or the first difference.
import { t } from '../state/language.ts';
import { preview } from '../state/preview.ts';
import { record, type Seal } from '../state/session.ts';

export function SealView({ seal }: { readonly seal: Seal }) {
  const where = seal.same ? undefined : describeDifference(seal);
  const isPrecomputed = record.value !== undefined && record.value.digest === preview.value?.record.digest;
  return (
    <p id="seal" class={seal.same ? 'seal same' : 'seal differs'} role="status">
      <strong>{seal.same ? '✓' : '✗'}</strong>{' '}
      {t(seal.same ? (isPrecomputed ? 'seal-precomputed' : 'seal-same') : 'seal-differs')}{' '}
      {where && t('seal-where', { where })}
    </p>
  );
}

/** Returns the arm, claim, field or step that differs, if the run was compared with a record. */
function describeDifference({ difference }: Extract<Seal, { same: false }>): string | undefined {
  if (!difference) return undefined;
  const { arm, claim, field, step } = difference;
  return [arm, claim, field, step === undefined ? undefined : t('step1', { n: step })].filter(Boolean).join(', ');
}
