// A button that copies the address.
import { useSignal } from '@preact/signals';
import { t } from '../state/language.ts';
import { words } from '../text/words.ts';

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
        {t(words.copyLink)}
      </button>
      <span role="status">{isCopied.value && t(words.copied)}</span>
    </>
  );
}
