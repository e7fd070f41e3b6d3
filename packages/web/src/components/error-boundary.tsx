// Shows an error if a record cannot be drawn.
import type { RunRecord } from '@descent/experiments';
import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary } from 'preact/hooks';

interface ErrorBoundaryProps {
  readonly record: RunRecord;
  readonly children: ComponentChildren;
}

/** Shows an error in place of its children, and tries again with the next record. */
export function ErrorBoundary({ record, children }: ErrorBoundaryProps) {
  const [error, retry] = useErrorBoundary();
  useEffect(() => {
    if (error) retry();
  }, [record]);
  if (!error) return children;
  return (
    <p class="error" role="alert">
      {error instanceof Error ? error.message : String(error)}
    </p>
  );
}
