import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { useModel } from '@/api/application-model';
import type { StoredRecord } from '@/api/records';
import { nameOf } from '@/api/selection';
import { useTexts } from '@/lib/i18n/text';
import { recordPath } from '@/lib/paths';
import { Bone } from '@/ui/bone';
import { PlainLinks } from '@/ui/plain-links';
import type { ListColumn, RecordList } from '../hooks/use-record-list';
import styles from './list.module.css';
import { ColumnCell } from './column-cell';

function Head({ column, list }: { column: ListColumn; list: RecordList }) {
  const t = useTexts();
  const level = list.state.sort.find((sort) => sort.field === column.path);
  const direction = level ? (level.descending ? 'descending' : 'ascending') : undefined;
  const text = <span className={styles.headText}>{column.label}</span>;
  return (
    <th className={styles.head} scope="col" aria-sort={direction} data-end={column.ui.alignEnd || undefined}>
      {column.ui.sortable && !column.field.masked ? (
        <button
          type="button"
          className={styles.headLabel}
          title={t('list.sort', { field: column.label })}
          onClick={() => list.state.setSort({ field: column.path, descending: level ? !level.descending : false })}
        >
          {text}
          {level ? level.descending ? <IconArrowDown size={13} aria-hidden /> : <IconArrowUp size={13} aria-hidden /> : null}
        </button>
      ) : (
        <span className={styles.headLabel}>{text}</span>
      )}
    </th>
  );
}

/** Moves between the rows with the arrow keys. */
function moveFocus(event: KeyboardEvent<HTMLTableSectionElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const current = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
  links[current + step]?.focus();
  event.preventDefault();
}

function Row({ row, list, app }: { row: StoredRecord; list: RecordList; app: string }) {
  const model = useModel();
  const navigate = useNavigate();
  const { entity, columns } = list;
  const path = recordPath(app, entity.plural, row.id);
  const leading = columns.some((column) => column.path === entity.primary) ? entity.primary : columns[0]?.path;
  return (
    <tr className={styles.row} onClick={() => void navigate(path)}>
      {columns.map((column) => (
        <td key={column.path} className={styles.cell} data-end={column.ui.alignEnd || undefined}>
          {column.path === leading ? (
            <Link to={path} className={styles.primary ?? ''} data-row onClick={(event) => event.stopPropagation()}>
              <PlainLinks value={true}>{column.path === entity.primary ? (nameOf(model, entity, row) ?? '–') : <ColumnCell column={column} row={row} />}</PlainLinks>
            </Link>
          ) : (
            <ColumnCell column={column} row={row} />
          )}
        </td>
      ))}
    </tr>
  );
}

function Bones({ columns }: { columns: ListColumn[] }) {
  return Array.from({ length: 12 }, (_, row) => (
    <tr key={row}>
      {columns.map((column, place) => (
        <td key={column.path} className={styles.cell}>
          <Bone width={`${45 + ((row * 17 + place * 31) % 45)}%`} />
        </td>
      ))}
    </tr>
  ));
}

/** A list as a table. */
export function RecordTable({ list, app }: { list: RecordList; app: string }) {
  const { columns, rows, entity } = list;
  const width = columns.reduce((sum, column) => sum + column.ui.width, 0);
  return (
    <table className={styles.table} style={{ minWidth: width + 110 }} aria-label={list.state.view?.label ?? entity.pluralLabel}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.path} style={column.path === entity.primary ? {} : { width: column.ui.width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.path} column={column} list={list} />
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={moveFocus}>
        {rows.data ? rows.data.rows.map((row) => <Row key={row.id} row={row} list={list} app={app} />) : <Bones columns={columns} />}
      </tbody>
    </table>
  );
}
