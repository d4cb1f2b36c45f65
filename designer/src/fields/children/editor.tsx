import { ActionIcon, Button, Input, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useModel } from '@/api/application-model';
import type { Entity, Field } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { useTexts } from '@/lib/i18n/text';
import { FieldControl } from '../field-control';
import { FieldLabel } from '../field-label';
import type { EditorProps } from '../field-ui';
import { useFieldUi } from '../fields-context';
import { fieldState, type RecordScope } from '../formulas';
import { useFormulas } from '../formulas-context';
import styles from './children.module.css';
import { offeredBy, runRules, withRules } from '../rules';
import { emptiedIn, gridFields, keyOf, newRow, rowsOf } from './rows';

interface RowProps {
  child: Entity;
  fields: Field[];
  row: RecordValues;
  index: number;
  id: string;
  readOnly: boolean;
  errors: Record<string, string>;
  focusFirst: boolean;
  parent: RecordScope['parent'];
  onChange(changes: RecordValues): void;
  onRemove(): void;
}

function Row({ child, fields, row, index, id, readOnly, errors, focusFirst, parent, onChange, onRemove }: RowProps) {
  const t = useTexts();
  const formulas = useFormulas();
  const scope: RecordScope = { entity: child, values: row, isNew: row['id'] === undefined, emptied: emptiedIn(row), parent };
  const outcome = runRules(scope, formulas);
  return (
    <tr className={styles.row}>
      {fields.map((field, position) => {
        // What a row's rules set stays open: in a row it is not known what was typed just now.
        const state = withRules(field, fieldState(field, { ...scope, values: outcome.values }, formulas, !readOnly), outcome, !outcome.locked.has(field.name));
        const error = errors[field.name];
        return (
          <td key={field.name} data-label={field.label} data-error={error ? true : undefined}>
            {state.visible ? (
              <FieldControl
                entity={child}
                field={offeredBy(field, outcome)}
                values={outcome.values}
                onChange={onChange}
                id={`${id}-${index}-${field.name}`}
                required={state.required}
                readOnly={state.readOnly}
                error={error}
                compact
                autoFocus={focusFirst && position === 0}
              />
            ) : null}
          </td>
        );
      })}
      {readOnly ? null : (
        <td className={styles.remove}>
          <ActionIcon size={24} aria-label={t('children.remove', { number: index + 1 })} onClick={onRemove}>
            <IconTrash size={14} stroke={1.6} />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
}

/** Child records, edited in place and saved with their parent. */
export function ChildrenEditor({ entity, field, values, onChange, id, required, readOnly, error, rowErrors }: EditorProps) {
  const t = useTexts();
  const model = useModel();
  const fieldUi = useFieldUi();
  const child = model.entity(field.child);
  if (!child) return null;
  const rows = rowsOf(field, values);
  const fields = gridFields(model, field, child);
  const parent = { via: field.via ?? '', scope: { entity, values, isNew: values['id'] === undefined } };
  const change = (next: RecordValues[]) => onChange({ [field.name]: next });
  return (
    <Input.Wrapper label={<FieldLabel field={field} />} labelElement="div" withAsterisk={required} error={error}>
      <div id={id} className={styles.grid} role="group" aria-label={field.label} tabIndex={-1}>
        <table className={styles.table}>
          <thead>
            <tr>
              {fields.map((each) => (
                <th key={each.name} scope="col" data-end={fieldUi(each.type).alignEnd || undefined} style={{ minWidth: fieldUi(each.type).width * 0.7 }}>
                  {each.label}
                  {each.required === true && !each.computed ? <span className={styles.star}> *</span> : null}
                </th>
              ))}
              {readOnly ? null : <th className={styles.remove}>
                  <VisuallyHidden>{t('children.actions')}</VisuallyHidden>
                </th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <Row
                key={keyOf(row)}
                child={child}
                fields={fields}
                row={row}
                index={index}
                id={id}
                readOnly={readOnly}
                parent={parent}
                errors={rowErrors?.[index] ?? {}}
                focusFirst={row['id'] === undefined && Object.keys(row).length <= 1}
                onChange={(changes) => change(rows.map((other) => (other === row ? { ...row, ...changes } : other)))}
                onRemove={() => change(rows.filter((other) => other !== row))}
              />
            ))}
          </tbody>
        </table>
        {rows.length === 0 ? <p className={styles.empty}>{t('children.empty')}</p> : null}
        {readOnly ? null : (
          <Button className={styles.add} variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={() => change([...rows, newRow(child)])}>
            {t('children.add', { child: child.label })}
          </Button>
        )}
      </div>
    </Input.Wrapper>
  );
}
