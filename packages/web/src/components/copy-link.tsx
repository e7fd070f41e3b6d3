// A button that copies the address of the page, which names the run.
import { useSignal } from '@preact/signals';
import { t } from '../state/language.ts';

type Outcome = 'none' | 'copied' | 'shown';

export function CopyLink() {
  const outcome = useSignal<Outcome>('none');
  return (
    <>
      <button
        id="copy-link"
        type="button"
        onClick={async () => {
          outcome.value = await copy(location.href);
        }}
      >
        {t('copy-link')}
      </button>
      <span role="status">{outcome.value !== 'none' && t(outcome.value === 'copied' ? 'copied' : 'copy-by-hand')}</span>
      {outcome.value === 'shown' && (
        <input id="link" readOnly value={location.href} aria-label={t('copy-link')} ref={(input) => input?.select()} />
      )}
    </>
  );
}

/** Pages without https have no clipboard, and browsers can refuse it: then the link is shown, selected. */
async function copy(text: string): Promise<Outcome> {
  try {
    await navigator.clipboard.writeText(text);
    return 'copied';
  } catch {
    return 'shown';
  }
}
