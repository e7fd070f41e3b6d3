// Other runs behind a figure: their curves are dashed and have the colors of the same curves.
import type { Text } from '../text.ts';
import type { Curve, Figure, Panel } from './figure.ts';
import { mergeAxes } from './over-seeds.ts';

/** Figures of another run of the same experiment. */
export interface Ghost {
  /** What distinguishes the run, for tables and files. */
  readonly name: Text;
  /** Figures with the same ids. */
  readonly figures: readonly Figure[];
}

/** Adds the smooth curves of other runs to the lines, paths and histograms of figures. */
export function withGhosts(figures: readonly Figure[], ghosts: readonly Ghost[]): Figure[] {
  if (ghosts.length === 0) return [...figures];
  return figures.map((figure) => ({
    ...figure,
    panels: figure.panels.map((panel, i) => addGhosts(panel, findPanels(figure.id, panel, i, ghosts))),
  }));
}

type NamedPanel = readonly [name: Text, panel: Panel];

/** Finds the panel of each ghost with the same title, or in the same place if the titles of all panels differ. */
function findPanels(id: string, panel: Panel, index: number, ghosts: readonly Ghost[]): NamedPanel[] {
  return ghosts.flatMap(({ name, figures }): NamedPanel[] => {
    const panels = figures.find((figure) => figure.id === id)?.panels ?? [];
    const found = panels.find((other) => other.title?.en === panel.title?.en) ?? panels[index];
    return found?.kind === panel.kind ? [[name, found]] : [];
  });
}

function addGhosts<P extends Panel>(panel: P, others: readonly NamedPanel[]): P {
  if (panel.kind === 'scatter' || panel.kind === 'bar' || others.length === 0) return panel;
  const ghosts = others.flatMap(([run, { curves }]) =>
    curves
      .filter(({ role }) => role === 'smooth')
      .map(({ name, x, y }): Curve => ({ name, of: `${name} (${run.en})`, x, y, role: 'ghost' })),
  );
  const all = [panel, ...others.map(([, other]) => other)];
  return {
    ...panel,
    x: mergeAxes(all.map(({ x }) => x)),
    y: mergeAxes(all.map(({ y }) => y)),
    curves: [...panel.curves, ...ghosts],
  };
}
