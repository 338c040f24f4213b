/**
 * Question text as DOM nodes. The server has cleaned it already; here it is rebuilt once more from
 * a short list of elements, so that nothing else can enter the page, whatever was stored.
 */
const NO_ATTRIBUTES: readonly string[] = [];
const CELL = ['colspan', 'rowspan', 'scope'];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      ...['P', 'BR', 'STRONG', 'B', 'EM', 'I', 'U', 'S', 'SUB', 'SUP', 'SPAN', 'DIV', 'BLOCKQUOTE'],
      ...['UL', 'OL', 'LI', 'TABLE', 'CAPTION', 'THEAD', 'TBODY', 'TR', 'PRE', 'CODE', 'H3', 'H4'],
    ].map((name) => [name, NO_ATTRIBUTES]),
  ),
  TH: CELL,
  TD: CELL,
  IMG: ['src', 'alt', 'width', 'height'],
};
/** Removed with all they hold; anything else unknown gives way to its content. */
const DROPPED = new Set([
  'SCRIPT',
  'STYLE',
  'TEMPLATE',
  'IFRAME',
  'OBJECT',
  'SVG',
  'MATH',
  'NOSCRIPT',
]);

interface Policy {
  createHTML(html: string): string;
}
interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}
let policy: Policy | null = null;

/** Parsing is a guarded act under the content policy; `question-html` is the one name it knows. */
function trusted(html: string): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  policy ??= factory?.createPolicy('question-html', { createHTML: (text) => text }) ?? null;
  return policy ? policy.createHTML(html) : html;
}

export function richText(html: string): DocumentFragment {
  // Scripts of a parsed document do not run and its images do not load.
  const parsed = new DOMParser().parseFromString(trusted(html), 'text/html');
  const fragment = document.createDocumentFragment();
  fragment.append(...rebuild(soleParagraph(parsed.body)));
  return fragment;
}

/** One paragraph alone is a line of text: it may then stand in a legend or a label. */
function soleParagraph(body: HTMLElement): Node {
  const [only, second] = [...body.childNodes].filter((node) => node.textContent?.trim());
  return only?.nodeName === 'P' && !second && !body.querySelector('img') ? only : body;
}

function rebuild(parent: Node): Node[] {
  return [...parent.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')];
    return node.nodeType === Node.ELEMENT_NODE ? rebuildElement(node as Element) : [];
  });
}

function rebuildElement(source: Element): Node[] {
  const name = source.nodeName.toUpperCase();
  if (DROPPED.has(name)) return [];
  const attributes = ALLOWED[name];
  if (!attributes) return rebuild(source);
  const copy = document.createElement(name);
  for (const attribute of attributes) {
    const value = source.getAttribute(attribute);
    if (value !== null && isHarmless(attribute, value)) copy.setAttribute(attribute, value);
  }
  copy.append(...rebuild(source));
  return [copy];
}

/** Images come from this site only: a foreign address would tell who reads which question. */
function isHarmless(attribute: string, value: string): boolean {
  return attribute !== 'src' || /^\/(?![/\\])/.test(value);
}
