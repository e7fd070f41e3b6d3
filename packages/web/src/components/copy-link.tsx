// A button that copies the address of the page, which names the run.
import { useSignal } from '@preact/signals';
import { t } from '../state/language.ts';

export function CopyLink() {
  const isCopied = useSignal(false);
  return (
    <>
      <button
        id="copy-link"
        type="button"
        onClick={async () => {
          await navigator.clipboard.writeText(location.href);
          isCopied.value = true;
        }}
      >
        {t('copy-link')}
      </button>
      <span role="status">{isCopied.value && t('copied')}</span>
    </>
  );
}
