// Where files of the reader's own come in, by button; they may be dropped anywhere as well.

import { useEffect, useRef } from 'preact/hooks';
import { ownImages } from '../images/own-images.ts';
import { t } from '../state/language.ts';
import { openFault, openFiles } from '../state/open-record.ts';
import { words } from '../text/words.ts';

export function Files() {
  const own = ownImages.value;
  const fault = useRef<HTMLParagraphElement>(null);
  // Files may be dropped far above.
  useEffect(() => {
    if (openFault.value) fault.current?.scrollIntoView({ block: 'nearest' });
  }, [openFault.value]);
  return (
    <footer>
      <label class="open">
        <span>{t(words.open)}</span>
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
      <p>{t(words.dropHere)}</p>
      <p role="alert" class="fault" ref={fault}>
        {openFault.value}
      </p>
      {own && (
        <p class="note">
          {t(words.ownData(own.trainCount, own.testCount))}{' '}
          <button
            type="button"
            class="small"
            onClick={() => {
              ownImages.value = undefined;
            }}
          >
            {t(words.backToMnist)}
          </button>
        </p>
      )}
    </footer>
  );
}
