// A figure, or its finding in one line, which opens it.
import type { Experiment, Figure } from '@descent/experiments';
import { t } from '../state/language.ts';
import { FigureView } from './figure-view.tsx';
import { Folded } from './folded.tsx';

interface FoldedFigureProps {
  readonly figure: Figure;
  readonly experiment: Experiment;
  readonly isPreview?: boolean;
}

export function FoldedFigure({ figure, experiment, isPreview = false }: FoldedFigureProps) {
  const view = () => (
    <FigureView figure={figure} name={experiment.name} experiment={experiment} isPreview={isPreview} />
  );
  if (!figure.finding) return view();
  const summary = (
    <>
      {t(figure.title)} <span>{t(figure.finding)}</span>
    </>
  );
  return (
    <Folded class="finding" summary={summary}>
      {view}
    </Folded>
  );
}
