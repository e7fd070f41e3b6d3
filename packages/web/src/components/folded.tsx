// A section that builds its content only while it is open.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

interface FoldedProps {
  readonly class: string;
  readonly summary: ComponentChildren;
  readonly children: () => ComponentChildren;
}

export function Folded({ class: name, summary, children }: FoldedProps) {
  const isOpen = useSignal(false);
  return (
    <details
      class={name}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{summary}</summary>
      {isOpen.value && children()}
    </details>
  );
}
