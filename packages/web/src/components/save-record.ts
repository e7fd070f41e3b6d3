// Downloads a record, with its texts in every language.
import type { RunRecord } from '@descent/experiments';
import { stringifyRecord } from '@descent/experiments/records';
import { fetchAllTexts } from '../state/language.ts';
import { save } from './figure-files.ts';

export async function saveRecord(shown: RunRecord, name: string): Promise<void> {
  await fetchAllTexts();
  save(new Blob([stringifyRecord(shown)], { type: 'application/json' }), name);
}
