/** Moments at which a phone may take the page away or give it back. */
export interface PageMoments {
  leave(): void;
  wake(): void;
  online(): void;
  offline(): void;
  tick(): void;
}

const TICK_MS = 500;

/** Listens until the returned function is called. */
export function watchPage(moments: PageMoments): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const seen = () => (document.visibilityState === 'visible' ? moments.wake() : moments.leave());
  document.addEventListener('visibilitychange', seen, { signal });
  window.addEventListener('pagehide', () => moments.leave(), { signal });
  window.addEventListener('blur', () => moments.leave(), { signal });
  window.addEventListener('pageshow', (event) => event.persisted && moments.wake(), { signal });
  window.addEventListener('online', () => moments.online(), { signal });
  window.addEventListener('offline', () => moments.offline(), { signal });
  const timer = setInterval(() => moments.tick(), TICK_MS);
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}
