// The moving picture of the home page: four optimizers on their way down, from the precomputed result.
import { useEffect, useRef } from 'preact/hooks';

interface Path {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const WIDTH = 460;
const HEIGHT = 112;
/** Pixels per unit: the valley is drawn less narrow than it is. */
const SCALE = { x: 38, y: 24 };
const ORIGIN = { x: 300, y: HEIGHT / 2 };
/** Heights of the contours of x²/20 + y². */
const CONTOURS = [0.05, 0.3, 0.8, 1.6, 2.8, 4.5];
const PLAY_MS = 3_500;

export function Valley({ paths }: { readonly paths: readonly Path[] }) {
  const picture = useRef<SVGSVGElement>(null);
  const stop = useRef(() => {});
  const replay = () => {
    stop.current();
    if (picture.current) stop.current = play(picture.current, paths);
  };
  useEffect(() => {
    replay();
    return () => stop.current();
  }, []);
  return (
    <svg ref={picture} class="valley" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" onPointerEnter={replay}>
      {CONTOURS.map((height) => (
        <ellipse
          key={height}
          class="contour"
          cx={ORIGIN.x}
          cy={ORIGIN.y}
          rx={Math.sqrt(20 * height) * SCALE.x}
          ry={Math.sqrt(height) * SCALE.y}
        />
      ))}
      {paths.map(({ name }, i) => (
        <g key={name} class={`c${i + 1}`}>
          <polyline />
          <circle r="5" />
          <text x={WIDTH - 86} y={24 + 22 * i}>
            {name}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Moves along the paths, step by step in equal times; at once to the end if the reader prefers that. Returns a function that stops it. */
function play(picture: SVGSVGElement, paths: readonly Path[]): () => void {
  const steps = Math.max(...paths.map(({ x }) => x.length - 1));
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const start = performance.now();
  let frame = 0;
  const draw = () => {
    const share = isStill ? 1 : Math.min(1, (performance.now() - start) / PLAY_MS);
    for (const [i, path] of paths.entries()) drawPath(picture.querySelector(`.c${i + 1}`), path, share * steps);
    if (share < 1) frame = requestAnimationFrame(draw);
  };
  draw();
  return () => cancelAnimationFrame(frame);
}

function drawPath(group: Element | null, { x, y }: Path, step: number): void {
  const whole = Math.min(Math.floor(step), x.length - 1);
  const next = Math.min(whole + 1, x.length - 1);
  const between = (values: readonly number[]) =>
    (values[whole] as number) + (step - whole) * ((values[next] as number) - (values[whole] as number));
  const points = [...x.slice(0, whole + 1).map((at, i) => [at, y[i] as number]), [between(x), between(y)]].map(
    ([px, py]) => [ORIGIN.x + SCALE.x * (px as number), ORIGIN.y - SCALE.y * (py as number)],
  );
  const [cx, cy] = points.at(-1) as [number, number];
  group?.querySelector('polyline')?.setAttribute('points', points.join(' '));
  group?.querySelector('circle')?.setAttribute('cx', String(cx));
  group?.querySelector('circle')?.setAttribute('cy', String(cy));
}
