// Reading and writing records and journals. This entry point is separate, so that the page loads it when it is needed.
export type { JournalHeader, ResumePoint } from './journal.ts';
export { addChecksum, armLine, checkpointLine, endLine, parseJournal, startLine } from './journal.ts';
export { parseRecord, stringifyRecord } from './json.ts';
export type { OpenedRecord } from './open-record.ts';
export { checkExtent, openRecord, parseRecordOptions } from './open-record.ts';
