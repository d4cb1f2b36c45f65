import { Alert, Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useModel } from '@/api/application-model';
import { ApiError } from '@/api/client';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { columnOf } from '@/fields/field-ui';
import { useTexts } from '@/lib/i18n/text';
import { useCreateOrganisation } from '../hooks/use-organisation-change';
import styles from './roles.module.css';

interface NewOrganisationDialogProps {
  entity: Entity;
  title: string;
  /** What the new record has besides what is entered, such as its unit. */
  values: RecordValues;
  onClose(): void;
  onCreated(id: string): void;
}

/** Makes a unit or a team from its name and the other texts that the model demands. */
export function NewOrganisationDialog({ entity, title, values, onClose, onCreated }: NewOrganisationDialogProps) {
  const t = useTexts();
  const primary = useModel().primary(entity);
  const [entered, setEntered] = useState<Record<string, string>>({});
  const create = useCreateOrganisation((id) => {
    onCreated(id);
    onClose();
  });
  const fields = entity.fields.filter((field) => field.writable && !field.system && (field === primary || (field.required === true && field.type === 'text' && field.default === undefined)));
  const ordered = [...fields.filter((field) => field === primary), ...fields.filter((field) => field !== primary)];
  const errors = create.error instanceof ApiError ? create.error.errors : [];
  const errorOf = (column: string, name: string) => errors.find((each) => each.field === column || each.field === name)?.message;
  const isTold = errors.length > 0 && errors.every((each) => ordered.some((field) => each.field === columnOf(field) || each.field === field.name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ plural: entity.plural, name: primary ? (entered[columnOf(primary)] ?? '') : '', values: { ...values, ...entered } });
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }} styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}>
      <form className={styles.form} onSubmit={submit} noValidate>
        {create.error && !isTold ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {errors.length > 0 ? errors.map((each) => each.message).join(' ') : failureText(t, create.error)}
          </Alert>
        ) : null}
        {ordered.map((field, index) => (
          <TextInput
            key={field.name}
            label={field.label}
            description={field.description}
            withAsterisk
            data-autofocus={index === 0 || undefined}
            maxLength={field.maxLength ?? 200}
            value={entered[columnOf(field)] ?? ''}
            error={errorOf(columnOf(field), field.name)}
            onChange={(event) => setEntered({ ...entered, [columnOf(field)]: event.currentTarget.value })}
          />
        ))}
        <Button type="submit" size="sm" loading={create.isPending}>
          {t('units.create')}
        </Button>
      </form>
    </Modal>
  );
}
