import { Combobox, Loader } from '@mantine/core';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import type { StoredRecord } from '@/api/records';
import { nameOf } from '@/api/selection';
import { useTexts } from '@/lib/i18n/text';
import { useFieldUi } from '../fields-context';
import styles from './lookup.module.css';

interface RecordOptionsProps {
  target: Entity;
  rows: StoredRecord[] | undefined;
  loading: boolean;
  failed: boolean;
}

function Subtitle({ target, row }: { target: Entity; row: StoredRecord }) {
  const model = useModel();
  const fieldUi = useFieldUi();
  const field = target.subtitle ? model.field(target, target.subtitle) : undefined;
  if (!field) return null;
  const Cell = fieldUi(field.type).cell;
  return (
    <span className={styles.subtitle}>
      <Cell field={field} values={row} />
    </span>
  );
}

/** What a search found, as the items of a list. */
export function RecordOptions({ target, rows, loading, failed }: RecordOptionsProps) {
  const t = useTexts();
  const model = useModel();
  if (failed) return <Combobox.Empty>{t('lookup.failed')}</Combobox.Empty>;
  if (!rows) return <Combobox.Empty>{loading ? <Loader size="xs" /> : null}</Combobox.Empty>;
  if (rows.length === 0) return <Combobox.Empty>{t('lookup.none')}</Combobox.Empty>;
  return rows.map((row) => (
    <Combobox.Option key={row.id} value={row.id}>
      <span className={styles.option}>
        <span className={styles.name}>{nameOf(model, target, row) ?? row.id.slice(0, 8)}</span>
        <Subtitle target={target} row={row} />
      </span>
    </Combobox.Option>
  ));
}
