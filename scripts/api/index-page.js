// docs/api/README.md: every entry point, and every name in it with a link.
import { ReflectionKind } from 'typedoc';

const groups = [
  ['Classes', ReflectionKind.Class],
  ['Functions', ReflectionKind.Function],
  ['Values', ReflectionKind.Variable],
  ['Types', ReflectionKind.Interface | ReflectionKind.TypeAlias],
];

const opening = `# API reference

What the libraries export, from their doc comments (\`npm run docs:api\`). A name that a package passes on from the one below it is listed under
both and described once. Names as PyTorch, Keras and the book have them: [names](../names.md).
`;

/** `address` gives where a name is described. */
export function indexOf(entries, modules, address) {
  const sections = entries.map(({ name, page, about }, index) => {
    const exported = modules[index].children.map((child) => ({
      name: child.name,
      // A name that is passed on leads to where it comes from.
      target: child.isReference() ? child.getTargetReflectionDeep() : child,
    }));
    const lines = groups.flatMap(([title, kinds]) => {
      const ofKind = exported.filter(({ target }) => target.kindOf(kinds));
      if (ofKind.length === 0) return [];
      return [`${title}: ${ofKind.map(({ name, target }) => `[${name}](${address(target)})`).join(', ')}.`];
    });
    return [`## [${name}](${page}.md)`, about, ...lines].join('\n\n');
  });
  return `${[opening.trimEnd(), ...sections].join('\n\n')}\n`;
}
