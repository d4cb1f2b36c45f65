/** How far a right reaches; each depth includes those before it. */
export const depths = ['none', 'own', 'team', 'unit', 'unitAndBelow', 'organisation'] as const;

/** One of {@link depths}. */
export type Depth = (typeof depths)[number];

/** The depth of that name; none for one that is not known. */
export function depthOf(name: unknown): Depth {
  return depths.find((depth) => depth === name) ?? 'none';
}

/** Whether a right of one depth reaches what lies at another. */
export function reaches(depth: Depth, distance: Depth): boolean {
  return depth !== 'none' && depths.indexOf(depth) >= depths.indexOf(distance);
}
