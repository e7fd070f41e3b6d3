// Arms and their results as JSON, for those who send them to other machines: how each is written, and the schema that it is
// read with. The page has no use for it, so it is apart from the index.

export { ArmRecordSchema, encodeArm } from '../record/record.ts';
export { ArmSpecSchema, PlainText } from './arm-schema.ts';
export { CheckpointSchema, encodeCheckpoint } from './journal.ts';
