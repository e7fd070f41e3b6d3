// The home page: what this is, a picture that moves, and one card per experiment in the order of the book.
import { type Experiment, experiments } from '@descent/experiments';
import previews from '../../previews/cards.json' with { type: 'json' };
import { t } from '../state/language.ts';
import { linkError } from '../state/page-state.ts';
import { Valley } from './valley.tsx';

interface Card {
  readonly seconds: number;
  /** Attributes of SVG paths in a box of 320 × 112. */
  readonly picture: readonly Readonly<Record<string, string | number | undefined>>[];
}

const cards: Readonly<Record<string, Card | undefined>> = previews.cards;

export function Home() {
  return (
    <>
      <section class="hero">
        <div>
          <h1>{t('home.title')}</h1>
          <p class="lead">
            {t('home.lead')} <a href="#optimizer_compare_naive">{t('home.start')}</a>
          </p>
        </div>
        <Valley paths={previews.paths} />
      </section>
      {linkError.value && (
        <p class="error" role="alert">
          {t('bad-link')} {linkError.value}
        </p>
      )}
      <ul class="cards">
        {experiments.map((experiment) => (
          <CardView key={experiment.name} experiment={experiment} card={cards[experiment.name]} />
        ))}
      </ul>
    </>
  );
}

function CardView({ experiment, card }: { readonly experiment: Experiment; readonly card: Card | undefined }) {
  const { name, title, question, section } = experiment;
  return (
    <li>
      <p class="facts">
        <span class={section ? 'badge book' : 'badge'}>{section ? t('home.book', { section }) : t('home.beyond')}</span>
        {card && duration(card.seconds)}
      </p>
      <svg class="picture" viewBox="-6 -6 332 124" preserveAspectRatio="none" aria-hidden="true">
        {card?.picture.map((path, i) => (
          <path key={i} {...path} />
        ))}
      </svg>
      <div>
        <h2>
          <a href={`#${name}`}>{t(title)}</a>
        </h2>
        <p class="asks">{t(question)}</p>
      </div>
    </li>
  );
}

function duration(seconds: number): string {
  return seconds < 1 ? t('home.instant') : t('home.about', { seconds: Math.round(seconds) });
}
