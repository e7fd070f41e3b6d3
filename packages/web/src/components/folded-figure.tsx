// A figure, or its finding in one line, which opens it.
import type { Experiment, Figure } from '@descent/experiments';
import { useSignal } from '@preact/signals';
import { t } from '../state/language.ts';
import { FigureView } from './figure-view.tsx';

interface FoldedFigureProps {
  readonly figure: Figure;
  readonly experiment: Experiment;
  readonly isPreview?: boolean;
}

export function FoldedFigure({ figure, experiment, isPreview = false }: FoldedFigureProps) {
  const isOpen = useSignal(false);
  const view = <FigureView figure={figure} name={experiment.name} experiment={experiment} isPreview={isPreview} />;
  if (!figure.finding) return view;
  return (
    <details
      class="finding"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        {t(figure.title)} <span>{t(figure.finding)}</span>
      </summary>
      {isOpen.value && view}
    </details>
  );
}
