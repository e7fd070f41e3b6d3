// A button that copies the address.
import { useSignal } from '@preact/signals';
import { t } from '../state/language.ts';

export function CopyLink({ hash }: { readonly hash?: string }) {
  const isCopied = useSignal(false);
  return (
    <>
      <button
        id="copy-link"
        type="button"
        onClick={async () => {
          await navigator.clipboard.writeText(new URL(hash ?? location.hash, location.href).href);
          isCopied.value = true;
        }}
      >
        {t('copy-link')}
      </button>
      <span role="status">{isCopied.value && t('copied')}</span>
    </>
  );
}
