/** Half-points as marks: 4 is 2, 1 is 0.5. */
export function marks(halfPoints: number): string {
  return String(halfPoints / 2);
}
