// The button that opens files. Files can also be dropped anywhere on the page.

import { useEffect, useRef } from 'preact/hooks';
import { ownImages } from '../images/own-images.ts';
import { t } from '../state/language.ts';
import { openError, openFiles } from '../state/open-files.ts';

export function Files() {
  const own = ownImages.value;
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

/** Why files could not be opened, at the top of the page: files can be dropped anywhere. */
export function FileError() {
  const box = useRef<HTMLDivElement>(null);
  const error = openError.value;
  useEffect(() => {
    if (error) box.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  return (
    <div id="file-error" role="alert" ref={box}>
      {error && (
        <div class="note error">
          {t(error.text)}
          {error.details && (
            <details>
              <summary>{t('details')}</summary>
              {error.details}
            </details>
          )}
        </div>
      )}
    </div>
  );
}
