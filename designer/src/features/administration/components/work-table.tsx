import { Fragment, type ReactNode } from 'react';
import { useTexts } from '@/lib/i18n/text';
import { useNarrow } from '@/ui/narrow';
import styles from './administration.module.css';
import { Bones } from './bones';

/** A column of {@link WorkTable}. */
export interface WorkColumn<Row> {
  label: string;
  /** In rem; the column without one takes the rest. */
  width?: number;
  cell(row: Row): ReactNode;
}

interface WorkTableProps<Row> {
  label: string;
  rows: readonly Row[] | undefined;
  /** The first one names the row. */
  columns: WorkColumn<Row>[];
  /** Why the row's last try failed. */
  errorOf(row: Row): string | null;
  /** What can be done with the row; there is no place for it where missing. */
  actions?(row: Row): ReactNode;
}

interface Identified {
  id: string | number;
}

function Cards<Row extends Identified>({ label, rows, columns: [first, ...others], errorOf, actions }: WorkTableProps<Row>) {
  return (
    <ul className={styles.plain} aria-label={label}>
      {rows?.map((row) => (
        <li key={row.id} className={styles.card}>
          <div className={styles.cardTitle}>{first?.cell(row)}</div>
          <dl className={styles.facts}>
            {others.map((column) => (
              <div key={column.label}>
                <dt>{column.label}</dt>
                <dd>{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
          {errorOf(row) ? <p className={styles.error}>{errorOf(row)}</p> : null}
          {actions ? <div className={styles.cardActions}>{actions(row)}</div> : null}
        </li>
      ))}
    </ul>
  );
}

function Table<Row extends Identified>({ label, rows, columns, errorOf, actions }: WorkTableProps<Row>) {
  const t = useTexts();
  return (
    <table className={styles.table} aria-label={label}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.label} style={column.width ? { width: `${column.width}rem` } : {}} />
        ))}
        {actions ? <col style={{ width: '8rem' }} /> : null}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.label} scope="col">
              {column.label}
            </th>
          ))}
          {actions ? (
            <th scope="col">
              <span className={styles.unseen}>{t('children.actions')}</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows?.map((row) => (
          <Fragment key={row.id}>
            <tr>
              {columns.map((column) => (
                <td key={column.label} className={styles.line}>
                  {column.cell(row)}
                </td>
              ))}
              {actions ? <td className={styles.actions}>{actions(row)}</td> : null}
            </tr>
            {errorOf(row) ? (
              <tr className={styles.errorRow}>
                <td colSpan={columns.length + (actions ? 1 : 0)}>
                  <p className={styles.error}>{errorOf(row)}</p>
                </td>
              </tr>
            ) : null}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** Rows of background work: a table, or cards on a phone. */
export function WorkTable<Row extends Identified>(props: WorkTableProps<Row>) {
  const narrow = useNarrow();
  if (!props.rows) return <Bones />;
  return <div className={styles.scroll}>{narrow ? <Cards {...props} /> : <Table {...props} />}</div>;
}
