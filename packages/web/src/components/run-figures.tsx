// The figures of a run, with what else is shown in them.
import type { Experiment, Figure, RunRecord } from '@descent/experiments';
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { isLogScale, markedClaim, setLogScale } from '../state/figure-options.ts';
import { shownStep } from '../state/inspector.ts';
import { ghostRuns, seedRecords } from '../state/kept-runs.ts';
import { t } from '../state/language.ts';
import type { Layers } from './figure-layers.ts';
import { FoldedFigure } from './folded-figure.tsx';
import { useFigures } from './use-figures.ts';

interface RunFiguresProps {
  readonly experiment: Experiment;
  readonly record: RunRecord;
  readonly end: number;
}

type AddLayers = (own: readonly Figure[], layers: Layers) => readonly Figure[];

/** The code of the layers, once a figure has needed it. */
const loadedLayers = signal<{ readonly addLayers?: AddLayers }>({});

export function RunFigures(props: RunFiguresProps) {
  const own = useFigures(props.experiment, props.record, props.end);
  const figures = useLayers(own, props);
  return (
    <>
      {figures.map((figure) => (
        <FoldedFigure key={figure.id} figure={figure} experiment={props.experiment} />
      ))}
      {own.some(({ panels }) => panels.some(({ y }) => y.canBeLog)) && (
        <label class="figure-option">
          <input
            id="log-scale"
            type="checkbox"
            checked={isLogScale.value}
            onChange={({ currentTarget }) => setLogScale(currentTarget.checked)}
          />
          {t('log-scale')}
        </label>
      )}
    </>
  );
}

function useLayers(own: readonly Figure[], { experiment, record, end }: RunFiguresProps): readonly Figure[] {
  const [seeds, ghosts, claim, isLog] = [seedRecords.value, ghostRuns.value, markedClaim.value, isLogScale.value];
  const isNeeded = seeds.length > 0 || ghosts.length > 0 || claim !== '' || isLog;
  const { addLayers } = loadedLayers.value;
  useEffect(() => {
    if (!isNeeded || addLayers) return;
    void import('./figure-layers.ts').then((module) => {
      loadedLayers.value = { addLayers: module.addLayers };
    });
  }, [isNeeded, addLayers]);
  return useMemo(() => {
    if (!isNeeded || !addLayers) return own;
    const step = shownStep.value < end ? shownStep.value : undefined;
    return addLayers(own, { experiment, record, seeds, step, ghosts, claim, isLog });
  }, [own, isNeeded, addLayers, seeds, ghosts, claim, isLog]);
}
