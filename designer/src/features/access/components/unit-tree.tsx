import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { useTexts } from '@/lib/i18n/text';
import type { Unit } from '../api/units';
import { treeRows, type TreeRow } from '../hooks/tree';
import styles from './units.module.css';

interface UnitTreeProps {
  units: readonly Unit[];
  chosen: string | null;
  onChoose(id: string): void;
}

/** The business units as a tree: arrow keys move, fold and unfold. */
export function UnitTree({ units, chosen, onChoose }: UnitTreeProps) {
  const t = useTexts();
  const tree = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [visited, setVisited] = useState<string | null>(null);
  const rows = treeRows(units, folded);
  const stop = rows.find(({ unit }) => unit.id === (visited ?? chosen)) ?? rows[0];
  const fold = ({ unit, hasChildren, isOpen }: TreeRow, wanted: boolean) => {
    if (!hasChildren || isOpen === !wanted) return;
    setFolded((current) => new Set(wanted ? [...current, unit.id] : [...current].filter((id) => id !== unit.id)));
  };
  const visit = (row: TreeRow | undefined) => {
    if (!row) return;
    setVisited(row.unit.id);
    tree.current?.querySelector<HTMLElement>(`[data-unit="${row.unit.id}"]`)?.focus();
  };
  const press = (event: KeyboardEvent, row: TreeRow, index: number) => {
    const parent = () => rows.slice(0, index).reverse().find((each) => each.level < row.level);
    const keys: Record<string, () => void> = {
      ArrowDown: () => visit(rows[index + 1]),
      ArrowUp: () => visit(rows[index - 1]),
      ArrowRight: () => (row.isOpen ? visit(rows[index + 1]) : fold(row, false)),
      ArrowLeft: () => (row.isOpen ? fold(row, true) : visit(parent())),
      Home: () => visit(rows[0]),
      End: () => visit(rows.at(-1)),
      Enter: () => onChoose(row.unit.id),
      ' ': () => onChoose(row.unit.id),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div ref={tree} role="tree" aria-label={t('units.tree')} className={styles.tree}>
      {rows.map((row, index) => {
        const Chevron = row.isOpen ? IconChevronDown : IconChevronRight;
        return (
          <div
            key={row.unit.id}
            role="treeitem"
            data-unit={row.unit.id}
            className={styles.node}
            style={{ '--level': row.level } as CSSProperties}
            aria-level={row.level}
            aria-posinset={row.place[0]}
            aria-setsize={row.place[1]}
            aria-expanded={row.hasChildren ? row.isOpen : undefined}
            aria-selected={row.unit.id === chosen}
            tabIndex={row === stop ? 0 : -1}
            onFocus={() => setVisited(row.unit.id)}
            onKeyDown={(event) => press(event, row, index)}
            onClick={() => onChoose(row.unit.id)}
          >
            <span
              className={styles.chevron}
              aria-hidden
              onClick={(event) => {
                if (!row.hasChildren) return;
                event.stopPropagation();
                fold(row, row.isOpen);
              }}
            >
              {row.hasChildren ? <Chevron size={14} /> : null}
            </span>
            <span className={styles.nodeName}>{row.unit.name}</span>
          </div>
        );
      })}
    </div>
  );
}
