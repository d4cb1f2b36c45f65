import type { Unit } from '../api/units';

/** A unit in its place of the tree. */
export interface TreeRow {
  unit: Unit;
  /** Begins with 1. */
  level: number;
  hasChildren: boolean;
  isOpen: boolean;
  /** Place among its siblings, beginning with 1, and their number. */
  place: [number, number];
}

/** The units by the one above them. A unit whose parent is not among them, or that lies below itself, stands at the top. */
function childrenOf(units: readonly Unit[]): Map<string | null, Unit[]> {
  const known = new Map(units.map((unit) => [unit.id, unit]));
  const isLost = (unit: Unit) => {
    const seen = new Set([unit.id]);
    for (let above = unit.parent; above !== null; above = known.get(above)?.parent ?? null) {
      if (seen.has(above) || !known.has(above)) return above === unit.id || !known.has(unit.parent ?? '');
      seen.add(above);
    }
    return false;
  };
  const children = new Map<string | null, Unit[]>();
  for (const unit of units) {
    const above = isLost(unit) ? null : unit.parent;
    children.set(above, [...(children.get(above) ?? []), unit]);
  }
  return children;
}

/** The rows of the tree that are in sight: those below folded units are not. */
export function treeRows(units: readonly Unit[], folded: ReadonlySet<string>): TreeRow[] {
  const children = childrenOf(units);
  const below = (parent: string | null, level: number): TreeRow[] => {
    const siblings = children.get(parent) ?? [];
    return siblings.flatMap((unit, index) => {
      const hasChildren = children.has(unit.id);
      const isOpen = hasChildren && !folded.has(unit.id);
      return [{ unit, level, hasChildren, isOpen, place: [index + 1, siblings.length] as [number, number] }, ...(isOpen ? below(unit.id, level + 1) : [])];
    });
  };
  return below(null, 1);
}

/** The units above one, the topmost first, and the unit itself. */
export function pathTo(units: readonly Unit[], id: string): Unit[] {
  const path: Unit[] = [];
  for (let unit = units.find((each) => each.id === id); unit && !path.includes(unit); unit = units.find((each) => each.id === path[0]?.parent)) path.unshift(unit);
  return path;
}
