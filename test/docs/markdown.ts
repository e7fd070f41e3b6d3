// Parts of Markdown pages: code blocks, code spans, links, anchors.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Lists all pages of the repository by their path from the root. */
export function markdownFiles(): string[] {
  const list = ['ls-files', '-z', '-co', '--exclude-standard', '*.md'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0');
  return files.filter((file) => file !== '').sort();
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export interface Block {
  readonly language: string;
  readonly code: string;
  /** The line of the opening fence. */
  readonly line: number;
}

export function codeBlocks(markdown: string): Block[] {
  const fences = markdown.matchAll(/^( *)(```+)([\w-]*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm);
  return [...fences].map(({ 3: language = '', 4: code = '', index }) => ({
    language,
    code,
    line: lineAt(markdown, index),
  }));
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** Replaces code blocks by empty lines. */
export function withoutBlocks(markdown: string): string {
  return markdown.replace(/^( *)(```+)[^\n]*\n[\s\S]*?^\1\2 *$/gm, (block) => block.replace(/[^\n]/g, ''));
}

/** Lists code spans; formulas are left out. */
export function codeSpans(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/(?<![`$])`([^`\n]+)`(?![`$])/g)].map(([, code = '']) => code);
}

/** Lists the targets of links and images, with their lines. */
export function linksIn(markdown: string): { target: string; line: number }[] {
  const text = withoutBlocks(markdown).replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, (code) => ' '.repeat(code.length));
  const found = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm),
    ...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g),
  ];
  return found.map(({ 1: target = '', index }) => ({ target, line: lineAt(text, index) }));
}

/** Returns the anchors of a page, as GitHub derives them from headings. */
export function anchorsIn(markdown: string): Set<string> {
  const counts = new Map<string, number>();
  const headings = [...withoutBlocks(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replace(/ /g, '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const named = [...markdown.matchAll(/<a [^>]*\b(?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
  return new Set([...headings, ...named]);
}
