/** How this browser likes to read: kept on the device, applied to every page. */
export type Theme = 'auto' | 'light' | 'dark';
export type TextSize = 'normal' | 'large' | 'larger';
export interface Display {
  theme: Theme;
  text: TextSize;
  /** Whether single keys choose answers; some readers and voice controls need them off. */
  keys: boolean;
}

const STORED = 'display';
const USUAL: Display = { theme: 'auto', text: 'normal', keys: true };

export function readDisplay(): Display {
  try {
    return { ...USUAL, ...(JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Display>) };
  } catch {
    return USUAL;
  }
}

export function keepDisplay(display: Display): void {
  applyDisplay(display);
  try {
    localStorage.setItem(STORED, JSON.stringify(display));
  } catch {
    // The browser keeps nothing: it holds for this page at least.
  }
}

export function applyDisplay({ theme, text }: Display): void {
  const { dataset } = document.documentElement;
  if (theme === 'auto') delete dataset.theme;
  else dataset.theme = theme;
  if (text === 'normal') delete dataset.text;
  else dataset.text = text;
}
