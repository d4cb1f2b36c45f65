import { useModel } from '@/api/application-model';
import type { Field } from '@/api/model';
import { columnOf, isEmpty } from '@/fields/field-ui';
import { useFieldUi } from '@/fields/fields-context';
import type { RecordForm } from '../hooks/use-record-form';
import styles from './form.module.css';

interface HeaderFieldsProps {
  form: RecordForm;
  names: string[];
  /** Shown as a path instead. */
  stateField: Field | undefined;
}

/** Values worth seeing at a glance beside the title. */
export function HeaderFields({ form, names, stateField }: HeaderFieldsProps) {
  const model = useModel();
  const fieldUi = useFieldUi();
  const fields = names.flatMap((name) => model.field(form.entity, name) ?? []).filter((field) => field !== stateField && !isEmpty(form.values[columnOf(field)]));
  if (fields.length === 0) return null;
  return (
    <dl className={styles.facts}>
      {fields.map((field) => {
        const Cell = fieldUi(field.type).cell;
        return (
          <div key={field.name} className={styles.fact}>
            <dt>{field.label}</dt>
            <dd>
              <Cell field={field} values={form.values} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
