import { Alert, Button, Modal, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { usePublish } from '@/api/use-publish';
import { useTexts } from '@/lib/i18n/text';
import { nameFrom } from '@/lib/names';
import type { RoleFile } from '../api/roles';
import { entitiesOf } from '../hooks/rights';
import styles from './roles.module.css';

interface NewRoleDialogProps {
  roles: readonly RoleFile[];
  /** Packages that it can be a part of. */
  packages: readonly string[];
  onClose(): void;
  onCreated(name: string): void;
}

const mostLetters = 100;

/** Makes a role that grants nothing yet, or what another one grants, and publishes it with its package. */
export function NewRoleDialog({ roles, packages, onClose, onCreated }: NewRoleDialogProps) {
  const t = useTexts();
  const [label, setLabel] = useState('');
  const [description, setDescription] = useState('');
  const [like, setLike] = useState<string | null>(null);
  const [chosenPackage, setPackage] = useState<string | null>(null);
  const pattern = roles.find((role) => role.name === like);
  const home = chosenPackage ?? pattern?.package ?? packages[packages.length - 1];
  const name = nameFrom(label, roles.map((role) => role.name));
  const { publish, isPublishing, problems, failure } = usePublish(() => {
    onCreated(name);
    onClose();
  });
  const told = failure ? [failure] : problems.map(({ message, remedy }) => `${message} ${remedy}`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!home || label.trim() === '') return;
    const role = { name, label: label.trim(), ...(description.trim() ? { description: description.trim() } : {}), entities: pattern ? entitiesOf(pattern.text) : {} };
    publish({ package: home, change: () => ({ [`roles/${name}.json`]: `${JSON.stringify(role, null, 2)}\n` }), done: t('roles.created', { name: role.label }) });
  };
  return (
    <Modal opened onClose={onClose} title={t('roles.new')} closeButtonProps={{ 'aria-label': t('common.close') }} styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}>
      <form className={styles.form} onSubmit={submit} noValidate>
        {told.length > 0 ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {told.join(' ')}
          </Alert>
        ) : null}
        <TextInput label={t('roles.label')} description={label.trim() ? t('roles.label.name', { name }) : t('roles.label.text')} withAsterisk data-autofocus maxLength={mostLetters} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <TextInput label={t('roles.description')} maxLength={mostLetters * 5} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        <Select label={t('roles.like')} description={t('roles.like.text')} placeholder={t('roles.like.none')} clearable clearButtonProps={{ 'aria-label': t('roles.like.none') }} data={roles.map((role) => ({ value: role.name, label: role.label }))} value={like} onChange={setLike} />
        <Select label={t('rule.package')} allowDeselect={false} data={[...packages]} value={home ?? null} onChange={setPackage} />
        <Button type="submit" size="sm" loading={isPublishing} disabled={!home || label.trim() === ''}>
          {t('roles.create')}
        </Button>
      </form>
    </Modal>
  );
}
