/** A place in a text as percent: how much of the article has passed the lower edge of the screen. */
const WHOLE = 100;

function article(): Element | null {
  return document.querySelector('article');
}

export function readPlace(): number {
  const box = article()?.getBoundingClientRect();
  if (!box || box.height <= 0) return 0;
  const passed = ((innerHeight - box.top) / box.height) * WHOLE;
  return Math.round(Math.min(Math.max(passed, 0), WHOLE));
}

/** Puts the text so that `readPlace` gives this place again. */
export function scrollToPlace(place: number): void {
  const box = article()?.getBoundingClientRect();
  if (!box) return;
  scrollTo({ top: scrollY + box.top + (box.height * place) / WHOLE - innerHeight });
}
