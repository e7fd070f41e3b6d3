// The button that opens files. Files can also be dropped anywhere on the page.

import { useEffect, useRef } from 'preact/hooks';
import { ownImages } from '../images/own-images.ts';
import { t } from '../state/language.ts';
import { openError, openFiles } from '../state/open-files.ts';

export function Files() {
  const own = ownImages.value;
  const message = useRef<HTMLParagraphElement>(null);
  // Files can be dropped far above the message.
  useEffect(() => {
    if (openError.value) message.current?.scrollIntoView({ block: 'nearest' });
  }, [openError.value]);
  return (
    <footer>
      <label class="open">
        <span>{t('open')}</span>
        <input
          id="files"
          type="file"
          multiple
          onChange={({ currentTarget }) => {
            void openFiles([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
      </label>
      <p>{t('drop-here')}</p>
      <p role="alert" class="error" ref={message}>
        {openError.value}
      </p>
      {own && (
        <p class="note">
          {t('own-data', { train: own.trainCount, test: own.testCount })}{' '}
          <button
            type="button"
            class="small"
            onClick={() => {
              ownImages.value = undefined;
            }}
          >
            {t('back-to-mnist')}
          </button>
        </p>
      )}
    </footer>
  );
}
