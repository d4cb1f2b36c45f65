import { Popover } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useRef, type KeyboardEvent } from 'react';
import type { Depth } from '@/lib/depths';
import { useTexts } from '@/lib/i18n/text';
import { DepthMark } from '@/ui/depth-mark';
import type { Cell } from '../hooks/rights';
import styles from './roles.module.css';

interface DepthMenuProps {
  label: string;
  cell: Cell;
  depths: readonly Depth[];
  /** The cell can say that records of those who report to the person are read as well. */
  hasReports: boolean;
  onPick(depth: Depth): void;
  onReports(withReports: boolean): void;
  onClose(): void;
}

/** The depths that a cell can have. It lies at the place where it is drawn, and has the focus while it is open. */
export function DepthMenu({ label, cell, depths, hasReports, onPick, onReports, onClose }: DepthMenuProps) {
  const t = useTexts();
  const menu = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Tab' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (way === 0) return;
    event.preventDefault();
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    items[(items.indexOf(document.activeElement as HTMLElement) + way + items.length) % items.length]?.focus();
  };
  return (
    <Popover opened onChange={(opened) => !opened && onClose()} withRoles={false} trapFocus position="bottom-start" closeOnEscape={false}>
      <Popover.Target>
        <span className={styles.anchor} />
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div ref={menu} role="menu" aria-label={label} tabIndex={-1} className={styles.menu} onKeyDown={move}>
          {depths.map((depth) => (
            <button key={depth} type="button" role="menuitemradio" aria-checked={depth === cell.depth} data-autofocus={depth === cell.depth || undefined} tabIndex={-1} className={styles.menuItem} onClick={() => onPick(depth)}>
              <DepthMark depth={depth} size={16} />
              <span>{t(`access.depth.${depth}`)}</span>
              {depth === cell.depth ? <IconCheck size={14} aria-hidden /> : null}
            </button>
          ))}
          {hasReports ? (
            <button type="button" role="menuitemcheckbox" aria-checked={cell.withReports} tabIndex={-1} className={styles.menuItem} data-apart onClick={() => onReports(!cell.withReports)}>
              <span className={styles.plus} aria-hidden>
                +
              </span>
              <span>{t('access.reports')}</span>
              {cell.withReports ? <IconCheck size={14} aria-hidden /> : null}
            </button>
          ) : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
