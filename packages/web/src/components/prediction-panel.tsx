// The reader's prediction: a question before the first run, the answer after it.
import { decide, type Experiment } from '@descent/experiments';
import { t } from '../state/language.ts';
import { getAnswer, judge, SKIPPED, setAnswer } from '../state/prediction.ts';
import { phase, record } from '../state/session.ts';

export function PredictionPanel({ experiment }: { readonly experiment: Experiment }) {
  const said = getAnswer(experiment.name);
  if (said === SKIPPED) return null;
  const isIdle = phase.value === 'idle';
  return (
    <section class="panel prediction" aria-labelledby="prediction">
      <h2 id="prediction">{t('predict.title')}</h2>
      {phase.value === 'done' && said ? (
        <Answer experiment={experiment} said={said} />
      ) : (
        <>
          <p>{t(experiment.predict.question)}</p>
          <div class="choices">
            {experiment.predict.choices.map(({ id, label }) => (
              <button
                key={id}
                type="button"
                aria-pressed={id === said}
                disabled={!isIdle && id !== said}
                onClick={() => setAnswer(experiment.name, id)}
              >
                {t(label)}
              </button>
            ))}
          </div>
          <button type="button" class="small" onClick={() => setAnswer(experiment.name, SKIPPED)}>
            {t('predict.skip')}
          </button>
        </>
      )}
    </section>
  );
}

function Answer({ experiment, said }: { readonly experiment: Experiment; readonly said: string }) {
  const { predict, name } = experiment;
  const outcome = record.value?.experiment === name ? decide(predict, record.value) : undefined;
  const verdict = outcome && judge(predict, said, outcome);
  const nameOf = (id: string) => {
    const choice = predict.choices.find((each) => each.id === id);
    return choice ? t(choice.label) : id;
  };
  return (
    <>
      <p role="status">
        {outcome && verdict
          ? t(verdict.key, {
              said: nameOf(said),
              winner: nameOf(outcome.winner),
              other: nameOf(verdict.other),
              measure: predict.measure,
              value: verdict.numbers[0] ?? '',
              against: verdict.numbers[1] ?? '',
            })
          : t('predict.undecided', { said: nameOf(said) })}
      </p>
      <button type="button" class="small" onClick={() => setAnswer(name, '')}>
        {t('predict.again')}
      </button>
    </>
  );
}
