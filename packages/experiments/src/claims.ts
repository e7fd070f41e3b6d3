// Claims: sentences about learning that a run tests on itself.
import type { RunRecord, Verdict } from './record.ts';
import { mean } from './series.ts';
import type { Text } from './text.ts';

/** Whether a claim holds in one run, and the numbers that say so. */
export interface Finding {
  readonly holds: boolean;
  readonly evidence: Readonly<Record<string, number>>;
}

export interface Claim {
  readonly id: string;
  /** The sentence a reader takes home where it holds. */
  readonly text: Text;
  /** What may be said where it does not. */
  readonly otherwise: Text;
  /** An arm that is missing or diverged gives NaN, which holds nowhere. */
  test(record: RunRecord): Finding;
}

/**
 * Every claim tested on the runs of one experiment at one or more seeds. Over several it holds where it holds in each,
 * and its evidence is the mean over them.
 */
export function verdicts(claims: readonly Claim[], records: readonly RunRecord[]): Verdict[] {
  return claims.map((claim) => {
    const findings = records.map((record) => claim.test(record));
    const holds = findings.length > 0 && findings.every((finding) => finding.holds);
    return { id: claim.id, text: holds ? claim.text : claim.otherwise, holds, evidence: meanEvidence(findings) };
  });
}

function meanEvidence(findings: readonly Finding[]): Record<string, number> {
  const names = Object.keys(findings[0]?.evidence ?? {});
  return Object.fromEntries(
    names.map((name) => [name, Math.fround(mean(findings.map(({ evidence }) => evidence[name] as number)))]),
  );
}
