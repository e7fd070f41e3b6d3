// A container for wide content. It scrolls on its own and can be reached by keyboard.
import type { ComponentChildren, Ref } from 'preact';

interface ScrollableProps {
  readonly class: string;
  readonly label: string;
  readonly inner?: Ref<HTMLDivElement>;
  readonly children?: ComponentChildren;
}

export function Scrollable({ class: look, label, inner, children }: ScrollableProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section with a name is a landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class={look} role="group" aria-label={label} tabIndex={0} ref={inner}>
      {children}
    </div>
  );
}
