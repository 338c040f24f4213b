import { describe, expect, it } from 'vitest';

import { richText } from './richText';

function rendered(html: string): string {
  const host = document.createElement('div');
  host.append(richText(html));
  return host.innerHTML;
}

describe('richText', () => {
  it('keeps the plain marks of a question', () => {
    expect(rendered('下列<strong>正确</strong>的是<sub>2</sub><br>（　　）')).toBe(
      '下列<strong>正确</strong>的是<sub>2</sub><br>（　　）',
    );
  });

  it('unwraps a paragraph that stands alone', () => {
    expect(rendered('<p>题干</p>')).toBe('题干');
    expect(rendered('<p>一</p><p>二</p>')).toBe('<p>一</p><p>二</p>');
  });

  it.each([
    ['<script>alert(1)</script>题', '题'],
    ['<p onclick="alert(1)" style="color:red" id="x" class="y">题</p>', '题'],
    ['<a href="javascript:alert(1)">题</a>', '题'],
    ['<svg><a xlink:href="javascript:alert(1)">x</a></svg>题', '题'],
    ['<iframe srcdoc="<script>alert(1)</script>"></iframe>题', '题'],
    ['<form action="/x"><button>题</button></form>', '题'],
    ['<style>*{display:none}</style>题', '题'],
  ])('lets nothing else through: %s', (html, left) => {
    expect(rendered(html)).toBe(left);
  });

  it('shows images of this site only', () => {
    expect(rendered('图<img src="/media/q/1.png" alt="表" onerror="alert(1)">')).toBe(
      '图<img src="/media/q/1.png" alt="表">',
    );
    expect(rendered('<img src="https://elsewhere.example/t.png" alt="图">')).toBe('<img alt="图">');
    expect(rendered('<img src="//elsewhere.example/t.png">')).toBe('<img>');
    expect(rendered('<img src="data:image/png;base64,AAAA">')).toBe('<img>');
  });

  it('keeps tables with their spans', () => {
    const table = '<table><tbody><tr><td colspan="2">格</td></tr></tbody></table>';
    expect(rendered(table)).toBe(table);
  });
});
