// The lesson of an experiment: what to watch for, and the theory with its formulas.
import type { Lesson, Statement } from '@descent/experiments';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../state/language.ts';
import { Scrollable } from './scrollable.tsx';

export function LessonView({ lesson }: { readonly lesson: Lesson }) {
  return (
    <div class="lesson">
      <section aria-labelledby="watch">
        <h2 id="watch">{t('watch')}</h2>
        <p>{t(lesson.watch)}</p>
      </section>
      <section aria-labelledby="theory">
        <h2 id="theory">{t('theory')}</h2>
        {lesson.theory.map((statement) => (
          <Theory key={statement.formula ?? statement.text.en} statement={statement} />
        ))}
      </section>
    </div>
  );
}

function Theory({ statement: { text, formula } }: { readonly statement: Statement }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!formula) return;
    const { documentElement } = new DOMParser().parseFromString(formula, 'application/xml');
    place.current?.replaceChildren(document.importNode(documentElement, true));
  }, [formula]);
  return (
    <>
      <p>{t(text)}</p>
      {formula && <Scrollable class="formula" label={t('theory')} inner={place} />}
    </>
  );
}
