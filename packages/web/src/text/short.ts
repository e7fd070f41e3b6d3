// Numbers as one reads them, and a dash where there is none.
import { short as shorten } from '@descent/experiments';

export function short(value: number | undefined): string {
  return value === undefined ? '—' : shorten(value);
}
