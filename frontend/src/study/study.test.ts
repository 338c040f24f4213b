import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { BEAT_MS, type BeatConfig, IDLE_MS, startBeating } from '.';

const CONFIG: BeatConfig = { lesson: 7, view: 'a-view', place: 0, url: '/api/v1/study/events/' };
let sent: { kind: string; place: number; lesson: number; view: string }[];
let fetched: ReturnType<typeof vi.fn>;
let end: (() => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  fetched = vi.fn((_url: string, { body }: RequestInit) => {
    sent.push(JSON.parse(String(body)) as (typeof sent)[number]);
    return Promise.resolve(new Response('{}'));
  });
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('scrollTo', vi.fn());
  document.body.innerHTML =
    '<header class="topbar"><div role="progressbar" aria-valuenow="20"><svg><rect width="20%"/></svg></div></header><article></article>';
  layOut({ top: 100, height: 2000 });
  look('visible');
});

afterEach(() => {
  end?.();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  location.hash = '';
});

function find(selector: string): Element {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`no ${selector} on the page`);
  return found;
}

/** The article as it lies under a screen of 800 px. */
function layOut({ top, height }: { top: number; height: number }): void {
  vi.stubGlobal('innerHeight', 800);
  const box = { top, height } as DOMRect;
  vi.spyOn(find('article'), 'getBoundingClientRect').mockReturnValue(box);
}

function look(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
}

describe('a lesson that is read', () => {
  it('says that it was opened, and where, and nothing about minutes', () => {
    end = startBeating(CONFIG);
    expect(sent).toEqual([{ lesson: 7, view: 'a-view', kind: 'opened', place: 35 }]);
  });

  it('beats every half minute while somebody reads', () => {
    end = startBeating(CONFIG);
    vi.advanceTimersByTime(2 * BEAT_MS);
    expect(sent.map(({ kind }) => kind)).toEqual(['opened', 'beat', 'beat']);
  });

  it('is silent while another window is in front', () => {
    end = startBeating(CONFIG);
    look('hidden');
    vi.advanceTimersByTime(4 * BEAT_MS);
    expect(sent).toHaveLength(1);
  });

  it('is silent when nobody has touched it for two minutes, and speaks again at the next touch', () => {
    end = startBeating(CONFIG);
    vi.advanceTimersByTime(10 * BEAT_MS);
    const untouched = sent.length;
    expect(untouched).toBe(IDLE_MS / BEAT_MS);
    dispatchEvent(new Event('pointerdown'));
    vi.advanceTimersByTime(BEAT_MS);
    expect(sent).toHaveLength(untouched + 1);
  });

  it('sends the token against forged requests', () => {
    document.cookie = 'csrftoken=secret';
    end = startBeating(CONFIG);
    const [, options] = fetched.mock.calls[0] as [string, RequestInit];
    expect(new Headers(options.headers).get('X-CSRFToken')).toBe('secret');
  });

  it('goes on after a broken network and stops when it is signed out', async () => {
    fetched.mockRejectedValueOnce(new Error('offline'));
    end = startBeating(CONFIG);
    await vi.advanceTimersByTimeAsync(BEAT_MS);
    expect(fetched).toHaveBeenCalledTimes(2);
    fetched.mockResolvedValueOnce(new Response('', { status: 403 }));
    await vi.advanceTimersByTimeAsync(3 * BEAT_MS);
    expect(fetched).toHaveBeenCalledTimes(3);
  });
});

describe('the place in the text', () => {
  it('is taken up where the reader stopped', () => {
    end = startBeating({ ...CONFIG, place: 60 });
    expect(scrollTo).toHaveBeenCalledWith({ top: 100 + 1200 - 800 });
  });

  it('is left to an address that names a part of the page', () => {
    location.hash = '#note';
    end = startBeating({ ...CONFIG, place: 60 });
    expect(scrollTo).not.toHaveBeenCalled();
  });

  it('grows in the bar with reading, and never goes back', () => {
    end = startBeating(CONFIG);
    const bar = find('[role="progressbar"]');
    expect(bar.getAttribute('aria-valuenow')).toBe('35');
    layOut({ top: 700, height: 2000 });
    dispatchEvent(new Event('scroll'));
    vi.advanceTimersByTime(50);
    expect(bar.getAttribute('aria-valuenow')).toBe('35');
    expect(find('.topbar rect').getAttribute('width')).toBe('35%');
  });

  it('is the whole when the end is in sight', () => {
    layOut({ top: -1500, height: 2000 });
    end = startBeating(CONFIG);
    expect(sent[0]?.place).toBe(100);
  });
});
