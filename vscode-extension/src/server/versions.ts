/**
 * Compares two versions such as `0.1.0` by their numbers: negative when the first is older.
 * What is no version counts as older than any. Pre-releases of the same numbers count as equal.
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [numbers(one), numbers(other)];
  for (let place = 0; place < 3; place++) {
    const difference = (left[place] ?? -1) - (right[place] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}
