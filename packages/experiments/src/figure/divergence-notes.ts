// Notes in the panels of arms that diverged.
import { message } from '../i18n/index.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { toText } from '../text.ts';
import type { Figure, Note, Panel } from './figure.ts';

/** Adds a note such as "SGD: diverged at step 12" to every panel that draws a diverged arm. */
export function noteDivergence(figures: Figure[], { arms }: RunRecord): Figure[] {
  const diverged = arms.filter(({ status }) => status === 'diverged');
  if (diverged.length === 0) return figures;
  return figures.map((figure) => ({
    ...figure,
    panels: figure.panels.map((panel) => {
      const notes = diverged.flatMap((arm) => createNote(panel, arm));
      return notes.length === 0 ? panel : { ...panel, notes: [...(panel.notes ?? []), ...notes] };
    }),
  }));
}

/** Returns the note of an arm if the panel is of that arm, or if one of its curves is, alone or together with the title. */
function createNote({ title, curves }: Panel, { name, divergence }: ArmRecord): Note[] {
  const heading = title?.en ?? '';
  const curve = [...new Set(curves.map((each) => each.name))].find((each) =>
    [each, `${each}, ${heading}`, `${heading}, ${each}`].includes(name),
  );
  if (curve === undefined && heading !== name) return [];
  const status = divergence
    ? message('record.status.diverged-at', { step: divergence.step })
    : message('record.status.diverged');
  if (heading === name || curve === undefined) return [{ text: status, at: 'top' }];
  return [{ text: toText((lang) => `${curve}: ${status[lang]}`), at: 'top', curve }];
}
