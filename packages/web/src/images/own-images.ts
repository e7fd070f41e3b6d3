// The reader's own images.
import { signal } from '@preact/signals';
import type { Images } from './images.ts';

/** The images that replace MNIST, if the reader opened some. */
export const ownImages = signal<Images | undefined>(undefined);
