// A small image, drawn pixel by pixel.
import { useEffect, useRef } from 'preact/hooks';

export type Rgb = readonly [red: number, green: number, blue: number];

interface PixelsProps {
  readonly width: number;
  readonly height: number;
  /** Returns the color of a pixel, or undefined for a transparent one. */
  readonly at: (x: number, y: number) => Rgb | undefined;
  /** The text for screen readers; none if the text beside it says the same. */
  readonly label?: string;
  readonly class?: string;
}

export function Pixels({ width, height, at, label, class: name = '' }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const picture = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      const color = at(i % width, Math.floor(i / width));
      if (color) picture.data.set([...color, 255], 4 * i);
    }
    canvas.current?.getContext('2d')?.putImageData(picture, 0, 0);
  }, [width, height, at]);
  return (
    <canvas
      ref={canvas}
      class={`pixels ${name}`}
      width={width}
      height={height}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  );
}

interface DigitPictureProps {
  readonly pixels: Uint8Array;
  readonly columns: number;
  readonly label?: string;
}

/** A digit in white on black, as the network receives it. */
export function DigitPicture({ pixels, columns, ...rest }: DigitPictureProps) {
  const at = (x: number, y: number): Rgb => {
    const byte = pixels[y * columns + x] ?? 0;
    return [byte, byte, byte];
  };
  return <Pixels width={columns} height={pixels.length / columns} at={at} {...rest} />;
}
