// The header of the page: name, navigation, language and colors.
import { langs } from '@descent/experiments';
import { computed } from '@preact/signals';
import { type ColorChoice, colorChoices, colors } from '../state/colors.ts';
import { lang, languageNames, setLanguage, t } from '../state/language.ts';
import { benchHash, experiment } from '../state/page-state.ts';

const isHome = computed(() => !experiment.value && benchHash.value === undefined);

export function Header() {
  return (
    <header class="top">
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <a class="brand" href="#experiments">
        <img src="icon.svg" alt="" width="24" height="24" />
        Descent
      </a>
      <nav aria-label={t('experiments')}>
        <a href="#experiments" aria-current={isHome.value ? 'page' : undefined}>
          {t('all')}
        </a>
        <a href="#bench" aria-current={benchHash.value === undefined ? undefined : 'page'}>
          {t('bench.title')}
        </a>
      </nav>
      <label>
        <span class="visually-hidden">{t('language')}</span>
        <select
          id="language"
          value={lang.value}
          onChange={({ currentTarget }) => {
            void setLanguage(currentTarget.value as typeof lang.value);
          }}
        >
          {langs.map((each) => (
            <option key={each} value={each} lang={each}>
              {languageNames[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="visually-hidden">{t('colors')}</span>
        <select
          id="colors"
          value={colors.value}
          onChange={({ currentTarget }) => {
            colors.value = currentTarget.value as ColorChoice;
          }}
        >
          {colorChoices.map((choice) => (
            <option key={choice} value={choice}>
              {t(`color-names.${choice}`)}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
