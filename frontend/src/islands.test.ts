import { beforeEach, describe, expect, it, vi } from 'vitest';

import { mountIslands } from './islands';

function place(name: string, json: string): HTMLElement {
  const host = document.createElement('div');
  host.dataset.island = name;
  const script = document.createElement('script');
  script.type = 'application/json';
  script.dataset.islandJson = '';
  script.textContent = json;
  host.append(script, '正在打开');
  document.body.append(host);
  return host;
}

beforeEach(() => {
  document.body.replaceChildren();
});

describe('mountIslands', () => {
  it('mounts each place with its own JSON', async () => {
    const first = place('clock', '{"hour": 8}');
    const second = place('clock', '{"hour": 9}');
    const mount = vi.fn();
    await mountIslands(document, { clock: async () => ({ mount }) });
    expect(mount.mock.calls).toEqual([
      [first, { hour: 8 }],
      [second, { hour: 9 }],
    ]);
    expect(first.dataset.islandState).toBe('mounted');
    expect(first.querySelector('script')).toBeNull();
  });

  it('mounts a place once, even when called twice', async () => {
    place('clock', '{}');
    const mount = vi.fn();
    const islands = { clock: async () => ({ mount }) };
    await Promise.all([mountIslands(document, islands), mountIslands(document, islands)]);
    expect(mount).toHaveBeenCalledOnce();
  });

  it('fetches no code for islands that are not on the page', async () => {
    const load = vi.fn();
    await mountIslands(document, { clock: load });
    expect(load).not.toHaveBeenCalled();
  });

  it('leaves what the server wrote where the code does not arrive, and mounts the others', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = place('broken', '{}');
    const unknown = place('unknown', '{}');
    const badJson = place('clock', '{');
    const good = place('clock', '{}');
    const mount = vi.fn();
    await mountIslands(document, {
      broken: () => Promise.reject(new Error('offline')),
      clock: async () => ({ mount }),
    });
    expect([broken, unknown, badJson].map(({ dataset }) => dataset.islandState)).toEqual([
      'failed',
      'failed',
      'failed',
    ]);
    expect(broken.textContent).toBe('正在打开');
    expect(mount).toHaveBeenCalledExactlyOnceWith(good, {});
  });
});
