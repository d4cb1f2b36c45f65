import type { CSSProperties } from 'react';
import { useModel } from '@/api/application-model';
import type { Entity, Section } from '@/api/model';
import { FieldControl } from '@/fields/field-control';
import { useFieldUi } from '@/fields/fields-context';
import type { RecordForm } from '../hooks/use-record-form';
import styles from './form.module.css';
import { RelatedRecords } from './related-records';
import { RuleNotes } from './rule-notes';

interface PlaceProps {
  name: string;
  span: number | null | undefined;
  columns: number;
  form: RecordForm;
  app: string;
}

function Place({ name, span, columns, form, app }: PlaceProps) {
  const model = useModel();
  const fieldUi = useFieldUi();
  const field = model.field(form.entity, name);
  if (!field) {
    const inverse = form.entity.inverses.find((each) => each.name === name);
    return inverse ? (
      <div style={{ gridColumn: '1 / -1' }}>
        <RelatedRecords inverse={inverse} form={form} app={app} />
      </div>
    ) : null;
  }
  const state = form.stateOf(field);
  if (!state.visible) return null;
  const width = span ?? (fieldUi(field.type).wide ? columns : 1);
  return (
    <div className={styles.place} style={{ '--span': Math.min(width, columns) } as CSSProperties}>
      <FieldControl
        entity={form.entity}
        field={form.offered(field)}
        values={form.values}
        onChange={form.change}
        id={`field-${field.name}`}
        required={state.required}
        readOnly={state.readOnly}
        error={form.errors.fields[field.name]}
        rowErrors={form.errors.rows[field.name]}
      />
      <RuleNotes notes={form.notes.filter((note) => note.field === field.name && note.message !== form.errors.fields[field.name])} />
    </div>
  );
}

/** What the place of a field is labelled with. */
function nameInForm(entity: Entity, name: string): string | undefined {
  return [...entity.fields, ...entity.inverses].find((each) => each.name === name)?.label;
}

/** A group of fields in one to four columns. */
export function FormSection({ section, form, app }: { section: Section; form: RecordForm; app: string }) {
  const model = useModel();
  const isShown = (name: string) => {
    const field = model.field(form.entity, name);
    return !field || form.stateOf(field).visible;
  };
  const isVisible = (!section.visible || form.holds(section.visible)) && section.fields.some((each) => isShown(each.field));
  if (!isVisible) return null;
  const [only] = section.fields;
  const onlyLabel = section.fields.length === 1 && only ? nameInForm(form.entity, only.field) : undefined;
  const columns = Math.min(4, Math.max(1, section.columns || 2));
  return (
    <section className={styles.section} aria-label={section.label ?? undefined}>
      {section.label && section.label !== onlyLabel ? <h2 className={styles.sectionTitle}>{section.label}</h2> : null}
      <div className={styles.fields} data-columns={columns}>
        {section.fields.map((each) => (
          <Place key={each.field} name={each.field} span={each.span} columns={columns} form={form} app={app} />
        ))}
      </div>
    </section>
  );
}
