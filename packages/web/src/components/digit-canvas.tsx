// Where a digit is drawn, by pointer, finger or pen, or taken from the test images by its number.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { testImage } from '../images/images.ts';
import { imageOf, PAD, paint, type Stroke } from '../images/rasterize.ts';
import { digit, imageShape } from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { runAtRest } from '../state/session.ts';
import { words } from '../text/words.ts';
import { DigitPicture } from './pixels.tsx';

/** Puts a test image where a digit would be drawn. */
export async function take(index: number): Promise<void> {
  const images = runAtRest()?.images;
  if (images && index >= 0 && index < images.testCount) digit.value = await testImage(images, index);
}

export function DigitCanvas() {
  const pad = useRef<HTMLCanvasElement>(null);
  const strokes = useSignal<readonly Stroke[]>([]);
  const given = digit.value;
  const isTaken = given?.index !== undefined;
  useEffect(() => {
    const context = pad.current?.getContext('2d');
    if (context) paint(context, isTaken ? [] : strokes.value);
  }, [strokes.value, isTaken]);

  const draw = (all: readonly Stroke[]) => {
    strokes.value = all;
    digit.value = { pixels: imageOf(all, ...imageShape.value) };
  };
  const pointOf = ({ offsetX, offsetY }: PointerEvent): Stroke[number] => {
    const scale = PAD / (pad.current?.clientWidth || PAD);
    return [offsetX * scale, offsetY * scale];
  };

  return (
    <div class="pad">
      <canvas
        id="pad"
        ref={pad}
        width={PAD}
        height={PAD}
        role="img"
        aria-label={t(words.draw)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          draw([...(isTaken ? [] : strokes.value), [pointOf(event)]]);
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const [last = [], ...before] = [...strokes.value].reverse();
          draw([...before.reverse(), [...last, pointOf(event)]]);
        }}
      />
      <div>
        <p>{t(words.draw)}</p>
        <label class="field">
          <span>{t(words.testImage)}</span>
          <input
            id="test-image"
            type="number"
            min={0}
            max={(runAtRest()?.images?.testCount ?? 1) - 1}
            value={given?.index ?? ''}
            onInput={({ currentTarget }) => void (currentTarget.value && take(Number(currentTarget.value)))}
          />
        </label>
        <button
          id="clear-pad"
          type="button"
          disabled={!given}
          onClick={() => {
            strokes.value = [];
            digit.value = undefined;
          }}
        >
          {t(words.reset)}
        </button>
        {given && (
          <p class="given">
            <DigitPicture pixels={given.pixels} columns={imageShape.value[1]} label={t(words.given)} />
            {given.label !== undefined && `${t(words.label)}: ${given.label}`}
          </p>
        )}
      </div>
    </div>
  );
}
