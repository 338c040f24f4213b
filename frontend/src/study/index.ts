/**
 * Signs of life of a lesson that is being read:
 * `<div data-island="study-beat"><script … >{"lesson": 7, "view": "…", "place": 40, "url": "…"}</script></div>`
 * It sends no minutes; the server credits time from the moments at which these signs arrive.
 */
import { readPlace, scrollToPlace } from './place';

export interface BeatConfig {
  lesson: number;
  view: string;
  /** Where the reader stopped last time, in percent of the text. */
  place: number;
  url: string;
}

export const BEAT_MS = 30_000;
/** Who neither scrolls nor touches for so long is not reading; the longest paragraph takes less. */
export const IDLE_MS = 120_000;
const SIGNS_OF_READING = ['scroll', 'pointerdown', 'pointermove', 'keydown', 'touchstart'];
/** Signed out, not allowed, or the lesson is gone: nothing that is sent later would be taken. */
const FINAL = [401, 403, 404];

export function mount(_host: HTMLElement, config: unknown): void {
  startBeating(config as BeatConfig);
}

/** Begins; returns what ends it. */
export function startBeating({ lesson, view, place, url }: BeatConfig): () => void {
  let lastSign = Date.now();
  let isDrawing = false;
  const listening = new AbortController();
  const timer = setInterval(beat, BEAT_MS);

  for (const kind of SIGNS_OF_READING) {
    addEventListener(kind, noteSign, { passive: true, signal: listening.signal });
  }
  addEventListener('scroll', drawSoon, { passive: true, signal: listening.signal });
  // An address that names a part of the page, and a reader who has scrolled already, decide.
  if (place > 0 && !location.hash && scrollY === 0) scrollToPlace(place);
  drawPlace();
  void send('opened');
  return end;

  function end(): void {
    clearInterval(timer);
    listening.abort();
  }

  function noteSign(): void {
    lastSign = Date.now();
  }

  function beat(): void {
    const isRead = document.visibilityState === 'visible' && Date.now() - lastSign < IDLE_MS;
    if (isRead) void send('beat');
  }

  async function send(kind: 'opened' | 'beat'): Promise<void> {
    try {
      const response = await fetch(url, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken() },
        body: JSON.stringify({ lesson, view, kind, place: readPlace() }),
        keepalive: true,
      });
      if (FINAL.includes(response.status)) end();
    } catch {
      // No network: the next sign comes in half a minute, and reading goes on meanwhile.
    }
  }

  function drawSoon(): void {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      drawPlace();
    });
  }
}

/** The bar at the top of the page only ever grows: how far the reader has come. */
function drawPlace(): void {
  const bar = document.querySelector('.topbar [role="progressbar"]');
  const drawn = Number(bar?.getAttribute('aria-valuenow') ?? 0);
  const place = Math.max(drawn, readPlace());
  bar?.setAttribute('aria-valuenow', String(place));
  bar?.querySelector('rect')?.setAttribute('width', `${place}%`);
}

function csrfToken(): string {
  return /(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}
