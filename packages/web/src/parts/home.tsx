// The list of experiments, each with its question.
import { experiments } from '@descent/experiments';
import { linkFault } from '../place/place.ts';
import { say } from '../text/language.ts';
import { words } from '../text/words.ts';

export function Home() {
  return (
    <>
      <h1>{say(words.experiments)}</h1>
      <p class="lead">{say(words.lead)}</p>
      {linkFault.value && (
        <p class="fault" role="alert">
          {say(words.badLink)} {linkFault.value}
        </p>
      )}
      <ul class="cards">
        {experiments.map(({ name, title, question }) => (
          <li key={name}>
            <h2>
              <a href={`#${name}`}>{say(title)}</a>
            </h2>
            <p>{say(question)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
