// The list of experiments, each with its question.
import { experiments } from '@descent/experiments';
import { t } from '../state/language.ts';
import { linkError } from '../state/page-state.ts';

export function Home() {
  return (
    <>
      <h1>{t('experiments')}</h1>
      <p class="lead">{t('lead')}</p>
      {linkError.value && (
        <p class="error" role="alert">
          {t('bad-link')} {linkError.value}
        </p>
      )}
      <ul class="cards">
        {experiments.map(({ name, title, question }) => (
          <li key={name}>
            <h2>
              <a href={`#${name}`}>{t(title)}</a>
            </h2>
            <p>{t(question)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
