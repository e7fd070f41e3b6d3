// The header of the page: name, navigation, language and colors.
import { langs } from '@descent/experiments';
import { computed } from '@preact/signals';
import { benchWords } from '../bench/words.ts';
import { type ColorChoice, colorChoices, colors } from '../state/colors.ts';
import { lang, languageNames, setLanguage, t } from '../state/language.ts';
import { benchHash, experiment } from '../state/page-state.ts';
import { words } from '../text/words.ts';

const isHome = computed(() => !experiment.value && benchHash.value === undefined);

export function Header() {
  return (
    <header class="top">
      <a class="skip" href="#main">
        {t(words.skip)}
      </a>
      <a class="brand" href="#experiments">
        <img src="icon.svg" alt="" width="24" height="24" />
        Descent
      </a>
      <nav aria-label={t(words.experiments)}>
        <a href="#experiments" aria-current={isHome.value ? 'page' : undefined}>
          {t(words.all)}
        </a>
        <a href="#bench" aria-current={benchHash.value === undefined ? undefined : 'page'}>
          {t(benchWords.title)}
        </a>
      </nav>
      <label>
        <span class="visually-hidden">{t(words.language)}</span>
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
        <span class="visually-hidden">{t(words.colors)}</span>
        <select
          id="colors"
          value={colors.value}
          onChange={({ currentTarget }) => {
            colors.value = currentTarget.value as ColorChoice;
          }}
        >
          {colorChoices.map((choice) => (
            <option key={choice} value={choice}>
              {t(words.colorNames[choice])}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
