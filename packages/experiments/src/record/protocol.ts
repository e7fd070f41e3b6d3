// Arms and their results as JSON, for those who send them to other machines: how each is written, and the schema (of the library valibot) that it is
// read with. The page has no use for it, so it is apart from the index.
import type { GenericSchema } from 'valibot';
import type { ArmSpec } from '../training/arm.ts';
import type { Checkpoint } from '../training/training.ts';
import { ArmSpecSchema as ArmSpecParts, PlainText as PlainTextParts } from './arm-schema.ts';
import { CheckpointSchema as CheckpointParts } from './journal.ts';
import { ArmRecordSchema as ArmRecordParts } from './json.ts';
import type { ArmRecord } from './record.ts';

export { encodeCheckpoint } from './journal.ts';
export { encodeArm } from './json.ts';

/** What came of an arm, as `encodeArm` wrote it: floats are numbers again, a digest has 64 hexadecimal digits. */
export const ArmRecordSchema: GenericSchema<unknown, ArmRecord> = ArmRecordParts;

/** An arm to train. Every key must be known, every number within what the options of experiments allow. */
export const ArmSpecSchema: GenericSchema<unknown, ArmSpec> = ArmSpecParts;

/** Where an arm goes on, as `encodeCheckpoint` wrote it: the state is bytes again. */
export const CheckpointSchema: GenericSchema<unknown, Checkpoint> = CheckpointParts;

/** At most 200 characters that can be printed as they are: no control character of a terminal is among them. */
export const PlainText: GenericSchema<unknown, string> = PlainTextParts;
