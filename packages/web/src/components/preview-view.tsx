// The figures of the precomputed result, before the first run.
import { t } from '../state/language.ts';
import { isPreviewRequested, preview, previewFigures } from '../state/preview.ts';
import { FoldedFigure } from './folded-figure.tsx';

export function PreviewView() {
  const shown = preview.value;
  const isRequested = isPreviewRequested.value;
  if (!shown) return <div class="blank" />;
  const seconds = Math.max(1, Math.round(shown.record.elapsedSeconds));
  return (
    <div class={isRequested ? 'precomputed' : 'precomputed other'} data-preview={shown.experiment.name}>
      <p class="note">{isRequested ? t('precomputed', { seconds }) : t('precomputed-default')}</p>
      {previewFigures.value.map((figure) => (
        <FoldedFigure key={figure.id} figure={figure} experiment={shown.experiment} isPreview />
      ))}
    </div>
  );
}
