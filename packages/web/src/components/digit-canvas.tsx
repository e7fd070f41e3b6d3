// Draws a digit by mouse, finger or pen, or shows a test image by its index.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { readTestImage } from '../images/images.ts';
import { CANVAS_SIZE, drawStrokes, rasterize, type Stroke } from '../images/rasterize.ts';
import { digit, imageShape } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { getInspectableRun } from '../state/session.ts';
import { DigitPicture } from './pixels.tsx';

let lastRequest = 0;

/** Shows a test image in place of a drawn digit. */
export async function showTestImage(index: number): Promise<void> {
  const images = getInspectableRun()?.images;
  if (!images || index < 0 || index >= images.testCount) return;
  const request = ++lastRequest;
  const image = await readTestImage(images, index);
  // An image that was asked for earlier can arrive later.
  if (request === lastRequest) digit.value = image;
}

export function DigitCanvas() {
  const pad = useRef<HTMLCanvasElement>(null);
  const strokes = useSignal<readonly Stroke[]>([]);
  const shown = digit.value;
  const isTestImage = shown?.index !== undefined;
  useEffect(() => {
    const context = pad.current?.getContext('2d');
    if (context) drawStrokes(context, isTestImage ? [] : strokes.value);
  }, [strokes.value, isTestImage]);

  const draw = (all: readonly Stroke[]) => {
    strokes.value = all;
    digit.value = { pixels: rasterize(all, ...imageShape.value) };
  };
  const pointOf = ({ offsetX, offsetY }: PointerEvent): Stroke[number] => {
    const scale = CANVAS_SIZE / (pad.current?.clientWidth || CANVAS_SIZE);
    return [offsetX * scale, offsetY * scale];
  };

  return (
    <div class="pad">
      <canvas
        id="pad"
        ref={pad}
        width={CANVAS_SIZE}
        height={CANVAS_SIZE}
        role="img"
        aria-label={t('draw')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          draw([...(isTestImage ? [] : strokes.value), [pointOf(event)]]);
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const [last = [], ...before] = [...strokes.value].reverse();
          draw([...before.reverse(), [...last, pointOf(event)]]);
        }}
      />
      <div>
        <p>{t('draw')}</p>
        <label class="field">
          <span>{t('test-image')}</span>
          <input
            id="test-image"
            type="number"
            min={0}
            max={(getInspectableRun()?.images?.testCount ?? 1) - 1}
            value={shown?.index ?? ''}
            onInput={({ currentTarget }) => void (currentTarget.value && showTestImage(Number(currentTarget.value)))}
          />
        </label>
        <button
          id="clear-pad"
          type="button"
          disabled={!shown}
          onClick={() => {
            strokes.value = [];
            digit.value = undefined;
          }}
        >
          {t('reset')}
        </button>
        {shown && (
          <p class="given">
            <DigitPicture pixels={shown.pixels} columns={imageShape.value[1]} label={t('given')} />
            {shown.label !== undefined && `${t('label')}: ${shown.label}`}
          </p>
        )}
      </div>
    </div>
  );
}
