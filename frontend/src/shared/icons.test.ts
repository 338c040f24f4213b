import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { ICONS, type IconName, type Shape } from './icons';

const sprite = readFileSync('public/icons.svg', 'utf8');

function written(shapes: readonly Shape[]): string {
  return shapes
    .map(([tag, attributes]) => {
      const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
      return `<${tag}${list.join('')}/>`;
    })
    .join('');
}

describe('icons of islands', () => {
  it.each(Object.keys(ICONS) as IconName[])('draw %s as the sprite does', (name) => {
    const symbol = `<symbol id="i-${name}" viewBox="0 0 24 24">${written(ICONS[name])}</symbol>`;
    expect(sprite).toContain(symbol);
  });
});
