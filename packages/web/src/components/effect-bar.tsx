// An effect as a bar from zero; over several seeds its mean with its interval and the value of each seed.
import type { Effect } from '@descent/experiments';

const WIDTH = 320;
const HEIGHT = 34;
const MARGIN = 12;

interface EffectBarProps {
  readonly effect: Effect;
  /** Numbers that the effect compares. They scale the bar of a single run. */
  readonly evidence: Readonly<Record<string, number>>;
}

export function EffectBar({ effect, evidence }: EffectBarProps) {
  const { values, mean, interval, name } = effect;
  const isOne = values.length === 1;
  const [low, high] = isOne ? scaleOfOne(mean, name, evidence) : rangeOf([...values, ...interval]);
  const x = (value: number) => MARGIN + ((WIDTH - 2 * MARGIN) * (value - low)) / (high - low);
  const [zero, middle] = [x(0), 12];
  return (
    <svg class="effect-bar" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line class="axis" x1={MARGIN} x2={WIDTH - MARGIN} y1={middle} y2={middle} />
      {isOne ? (
        <rect
          x={Math.min(zero, x(mean))}
          y={middle - 5}
          width={Math.max(1, Math.abs(x(mean) - zero))}
          height={10}
          rx={2}
        />
      ) : (
        <>
          <line class="interval" x1={x(interval[0])} x2={x(interval[1])} y1={middle} y2={middle} />
          {values.map((value, i) => (
            <circle key={i} class="seed" cx={x(value)} cy={middle} r={3} />
          ))}
          <circle cx={x(mean)} cy={middle} r={6} />
        </>
      )}
      <line class="zero" x1={zero} x2={zero} y1={0} y2={22} />
      <text x={zero} y={33} text-anchor="middle">
        0
      </text>
    </svg>
  );
}

function rangeOf(values: readonly number[]): [low: number, high: number] {
  const finite = [0, ...values.filter(Number.isFinite)];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const margin = 0.08 * (high - low) || 1;
  return [low === 0 ? -margin : low - margin, high + margin];
}

/** Returns the range of the numbers that the effect compares: counts for a whole number, otherwise fractions. */
function scaleOfOne(mean: number, name: string, evidence: EffectBarProps['evidence']): [low: number, high: number] {
  const isCount = Number.isInteger(mean);
  const compared = Object.entries(evidence)
    .filter(([other, value]) => other !== name && Number.isInteger(value) === isCount)
    .map(([, value]) => Math.abs(value));
  const greatest = Math.max(Math.abs(mean), ...compared);
  return rangeOf(mean < 0 ? [-greatest, greatest / 4] : [greatest]);
}
