import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { Entity, Inverse } from '@/api/model';
import type { StoredRecord } from '@/api/records';
import { nameOf, selectionOf } from '@/api/selection';
import { columnOf } from '@/fields/field-ui';
import { useFieldUi } from '@/fields/fields-context';
import { useTexts } from '@/lib/i18n/text';
import { recordPath } from '@/lib/paths';
import { PlainLinks } from '@/ui/plain-links';
import { recordPageQuery } from '../api/list-records';
import type { RecordForm } from '../hooks/use-record-form';
import { ColumnCell } from './column-cell';
import styles from './related.module.css';

interface RelatedRecordsProps {
  inverse: Inverse;
  form: RecordForm;
  app: string;
}

const shown = 25;

function useRelated(target: Entity, { inverse, form }: RelatedRecordsProps) {
  const api = useApi();
  const model = useModel();
  const fieldUi = useFieldUi();
  const via = model.field(target, inverse.via);
  const column = via ? columnOf(via) : `${inverse.via}_id`;
  const names = model.view(target, null)?.columns ?? [target.primary];
  const columns = names
    .filter((name) => name.split('.')[0] !== inverse.via)
    .flatMap((name) => {
      const path = model.path(target, name);
      return path ? [{ ...path, ui: fieldUi(path.field.type), label: path.field.label }] : [];
    })
    .slice(0, 6);
  const filter = `${column} eq ${form.id ?? ''}`;
  const options = { ...selectionOf(model, columns), filter, top: shown, count: true };
  const page = useQuery({ ...recordPageQuery(api, target, options), enabled: !form.isNew });
  const start = {
    [column]: form.id,
    [inverse.via]: { id: form.id, label: nameOf(model, form.entity, form.values) },
    ...(via?.polymorphic ? { [columnOf(via, 'type')]: form.entity.name } : {}),
  };
  return { columns, page, start };
}

function Rows({ target, rows, columns, app }: { target: Entity; rows: StoredRecord[]; columns: ReturnType<typeof useRelated>['columns']; app: string }) {
  const model = useModel();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.path} scope="col" data-end={column.ui.alignEnd || undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map((column, place) => (
                <td key={column.path} data-end={column.ui.alignEnd || undefined}>
                  {place === 0 ? (
                    <Link to={recordPath(app, target.plural, row.id)}>
                      <PlainLinks value={true}>{column.path === target.primary ? (nameOf(model, target, row) ?? '–') : <ColumnCell column={column} row={row} />}</PlainLinks>
                    </Link>
                  ) : (
                    <ColumnCell column={column} row={row} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Related(props: RelatedRecordsProps & { target: Entity }) {
  const t = useTexts();
  const { inverse, form, app, target } = props;
  const { columns, page, start } = useRelated(target, props);
  const rows = page.data?.rows;
  const more = page.data?.count !== undefined && page.data.count > shown;
  return (
    <section className={styles.related} aria-label={inverse.label}>
      <header className={styles.head}>
        <h2 className={styles.title}>
          {inverse.label}
          {page.data?.count ? <span className={styles.count}>{page.data.count}</span> : null}
        </h2>
        {target.rights.create && !form.isNew ? (
          <Button size="compact-xs" variant="subtle" color="gray" component={Link} to={`${recordPath(app, target.plural, 'new')}?values=${encodeURIComponent(JSON.stringify(start))}`} leftSection={<IconPlus size={13} />}>
            {t('related.new')}
          </Button>
        ) : null}
      </header>
      {form.isNew ? <p className={styles.empty}>{t('related.saveFirst')}</p> : null}
      {page.isError ? <p className={styles.empty}>{page.error.message}</p> : null}
      {!form.isNew && page.isPending ? <Skeleton height={72} /> : null}
      {rows?.length === 0 ? <p className={styles.empty}>{t('related.empty')}</p> : null}
      {rows && rows.length > 0 ? <Rows target={target} rows={rows} columns={columns} app={app} /> : null}
      {more ? <p className={styles.empty}>{t('related.all', { count: page.data?.count ?? 0 })}</p> : null}
    </section>
  );
}

/** The records of another entity that point to this one. */
export function RelatedRecords(props: RelatedRecordsProps) {
  const target = useModel().entity(props.inverse.entity);
  return target ? <Related {...props} target={target} /> : null;
}
