// The top of the page: its name, the way back to the list, language and colours.
import { langs } from '@descent/experiments';
import { computed } from '@preact/signals';
import { benchWords } from '../bench/words.ts';
import { type ColourChoice, colourChoices, colours } from '../colours.ts';
import { benchHash, experiment } from '../place/place.ts';
import { lang, languageNames, say, speak } from '../text/language.ts';
import { words } from '../text/words.ts';

const isHome = computed(() => !experiment.value && benchHash.value === undefined);

export function Header() {
  return (
    <header class="top">
      <a class="skip" href="#main">
        {say(words.skip)}
      </a>
      <a class="brand" href="#experiments">
        <img src="icon.svg" alt="" width="24" height="24" />
        Descent
      </a>
      <nav aria-label={say(words.experiments)}>
        <a href="#experiments" aria-current={isHome.value ? 'page' : undefined}>
          {say(words.all)}
        </a>
        <a href="#bench" aria-current={benchHash.value === undefined ? undefined : 'page'}>
          {say(benchWords.title)}
        </a>
      </nav>
      <label>
        <span class="unseen">{say(words.language)}</span>
        <select
          id="language"
          value={lang.value}
          onChange={({ currentTarget }) => {
            void speak(currentTarget.value as typeof lang.value);
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
        <span class="unseen">{say(words.colours)}</span>
        <select
          id="colours"
          value={colours.value}
          onChange={({ currentTarget }) => {
            colours.value = currentTarget.value as ColourChoice;
          }}
        >
          {colourChoices.map((choice) => (
            <option key={choice} value={choice}>
              {say(words.colourNames[choice])}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
