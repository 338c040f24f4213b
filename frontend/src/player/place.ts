/** The question that was open, for a reload of this tab. */
const keyOf = (attempt: string) => `place:${attempt}`;

export function keepPlace(attempt: string, item: number): void {
  try {
    sessionStorage.setItem(keyOf(attempt), String(item));
  } catch {
    // Without it a reload begins at the first open question.
  }
}

export function keptPlace(attempt: string): number | null {
  try {
    return Number(sessionStorage.getItem(keyOf(attempt))) || null;
  } catch {
    return null;
  }
}
