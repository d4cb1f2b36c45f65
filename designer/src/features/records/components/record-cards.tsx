import { Link } from 'react-router';
import { useModel } from '@/api/application-model';
import type { StoredRecord } from '@/api/records';
import { nameOf } from '@/api/selection';
import { isEmpty, columnOf } from '@/fields/field-ui';
import { recordPath } from '@/lib/paths';
import { Bone } from '@/ui/bone';
import { PlainLinks } from '@/ui/plain-links';
import type { ListColumn, RecordList } from '../hooks/use-record-list';
import styles from './list.module.css';
import { ColumnCell } from './column-cell';

/** Columns that a card has room for beside the name. */
const shown = 4;

function hasValue(column: ListColumn, row: StoredRecord): boolean {
  const values = column.lookup ? (row[column.lookup.name] as Record<string, unknown> | null) : row;
  return Boolean(values) && !isEmpty(values?.[columnOf(column.field)]);
}

function Card({ row, list, app }: { row: StoredRecord; list: RecordList; app: string }) {
  const model = useModel();
  const { entity } = list;
  const others = list.columns.filter((column) => column.path !== entity.primary && hasValue(column, row));
  const state = others.find((column) => column.field.options?.some((option) => option.color));
  return (
    <li>
      <Link to={recordPath(app, entity.plural, row.id)} className={styles.card ?? ''}>
        <PlainLinks value={true}>
          <span className={styles.cardTop}>
            <span className={styles.cardTitle}>{nameOf(model, entity, row) ?? '–'}</span>
            {state ? <ColumnCell column={state} row={row} /> : null}
          </span>
          <span className={styles.cardMeta}>
            {others
              .filter((column) => column !== state)
              .slice(0, shown)
              .map((column) => (
                <span key={column.path}>
                  <ColumnCell column={column} row={row} />
                </span>
              ))}
          </span>
        </PlainLinks>
      </Link>
    </li>
  );
}

/** A list on a phone: one card for each record. */
export function RecordCards({ list, app }: { list: RecordList; app: string }) {
  const rows = list.rows.data?.rows;
  return (
    <ul className={styles.cards}>
      {rows
        ? rows.map((row) => <Card key={row.id} row={row} list={list} app={app} />)
        : Array.from({ length: 8 }, (_, index) => (
            <li key={index} className={styles.card}>
              <Bone width="60%" space={6} />
              <Bone width="85%" space={10} />
            </li>
          ))}
    </ul>
  );
}
