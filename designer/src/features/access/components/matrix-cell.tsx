import { useRef, useState, type KeyboardEvent } from 'react';
import { depths as allDepths, type Depth } from '@/lib/depths';
import { useTexts } from '@/lib/i18n/text';
import { DepthMark } from '@/ui/depth-mark';
import type { GrantedEntity } from '../api/roles';
import { depthsFor, readReports, type Cell, type CellValue } from '../hooks/rights';
import { DepthMenu } from './depth-menu';
import { operationLabel } from './operation-label';
import styles from './roles.module.css';

interface MatrixCellProps {
  entity: GrantedEntity;
  operation: string;
  cell: Cell;
  /** What the role that is compared with grants; undefined without one. */
  compared: Cell | undefined;
  isChanged: boolean;
  place: [number, number];
  /** The tabulator stops here. */
  isStop: boolean;
  onVisit(): void;
  onMove(event: KeyboardEvent<HTMLElement>): void;
  onEdit(operation: string, value: CellValue): void;
}

/** How far a role grants one operation: chosen from a menu, by the space bar step by step, or by the keys 0 to 5. */
export function MatrixCell({ entity, operation, cell, compared, isChanged, place: [row, column], isStop, onVisit, onMove, onEdit }: MatrixCellProps) {
  const t = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const choices = depthsFor(entity, allDepths);
  const name = t('roles.cell', { entity: entity.label, operation: operationLabel(operation, t) });
  const differs = compared !== undefined && (compared.depth !== cell.depth || compared.withReports !== cell.withReports);
  const said = [
    t(`access.depth.${cell.depth}`),
    cell.withReports ? t('access.reports') : '',
    cell.isInherited ? t('roles.inherited') : '',
    isChanged ? t('roles.changed') : '',
    differs ? t('roles.compared', { depth: t(`access.depth.${compared.depth}`) }) : '',
  ].filter(Boolean).join(', ');
  const close = () => {
    setOpened(false);
    button.current?.focus();
  };
  const pick = (depth: Depth) => {
    onEdit(operation, depth);
    close();
  };
  const press = (event: KeyboardEvent<HTMLButtonElement>) => {
    const digit = allDepths[Number(event.key)];
    if (event.key === ' ') {
      event.preventDefault();
      onEdit(operation, choices[(choices.indexOf(cell.depth) + 1) % choices.length] ?? 'none');
    } else if (/^[0-5]$/.test(event.key) && digit && choices.includes(digit)) onEdit(operation, digit);
    else onMove(event);
  };
  return (
    <td className={styles.cell} data-changed={isChanged || undefined} data-differs={differs || undefined}>
      <button
        ref={button}
        type="button"
        className={styles.cellButton}
        data-row={row}
        data-column={column}
        tabIndex={isStop ? 0 : -1}
        aria-label={`${name}: ${said}`}
        aria-haspopup="menu"
        aria-expanded={opened}
        title={said}
        onFocus={onVisit}
        onKeyDown={press}
        onClick={() => setOpened(true)}
      >
        <DepthMark depth={cell.depth} faded={cell.isInherited} />
        {cell.withReports ? (
          <span className={styles.plus} aria-hidden>
            +
          </span>
        ) : null}
        {differs ? (
          <span className={styles.other} aria-hidden>
            <DepthMark depth={compared.depth} size={14} />
          </span>
        ) : null}
      </button>
      {opened ? (
        <DepthMenu label={name} cell={cell} depths={choices} hasReports={operation === 'read' && entity.isOwned} onPick={pick} onReports={(withReports) => onEdit(readReports, withReports)} onClose={close} />
      ) : null}
    </td>
  );
}
