// Markdown as the tests read it: files, headings, links, blocks of code.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Every page of the repository, by its path from the root. */
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
  /** Of its fence. */
  readonly line: number;
}

export function codeBlocks(markdown: string): Block[] {
  const fences = markdown.matchAll(/^( *)(```+)([\w-]*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm);
  return [...fences].map(({ 3: language = '', 4: code = '', index }) => ({
    language,
    code,
    line: markdown.slice(0, index).split('\n').length,
  }));
}

/** What is left where nothing is code, with the lines where they were. */
export function withoutBlocks(markdown: string): string {
  return markdown.replace(/^( *)(```+)[^\n]*\n[\s\S]*?^\1\2 *$/gm, (block) => block.replace(/[^\n]/g, ''));
}

export function prose(markdown: string): string {
  return withoutBlocks(markdown).replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, (code) => ' '.repeat(code.length));
}

/** Spans of code, math aside. */
export function codeSpans(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/(?<![`$])`([^`\n]+)`(?![`$])/g)].map(([, code = '']) => code);
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export function linksOf(markdown: string): Link[] {
  const text = prose(markdown);
  const found = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm),
    ...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g),
  ];
  return found.map(({ 1: target = '', index }) => ({ target, line: text.slice(0, index).split('\n').length }));
}

/** As GitHub names the headings of a page. */
export function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...withoutBlocks(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replace(/ /g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  const named = [...markdown.matchAll(/<a [^>]*\b(?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
  return new Set([...headings, ...named]);
}

/** Where a relative link leads, from the root. */
export function resolveLink(from: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(from), decodeURI(target)));
}
