import { Alert, Button, Modal, MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useStartPreview } from '@/api/preview';
import { useTexts } from '@/lib/i18n/text';
import { peopleQuery } from '../api/people';
import styles from './roles.module.css';

/** Asks as whom the application is to be seen, and begins it. */
export function PreviewDialog({ role, onClose }: { role?: string; onClose(): void }) {
  const t = useTexts();
  const [roles, setRoles] = useState<string[]>(role ? [role] : []);
  const [user, setUser] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const people = useQuery(peopleQuery(useApi(), search));
  const start = useStartPreview();
  const users = (people.data?.users ?? []).filter((each) => each.state !== 'inactive' && !each.isAdministrator);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ roles, ...(user ? { user } : {}) });
  };
  return (
    <Modal opened onClose={onClose} title={t('preview.title')} closeButtonProps={{ 'aria-label': t('common.close') }} styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}>
      <form className={styles.form} onSubmit={submit}>
        <p className={styles.hint}>{t('preview.text')}</p>
        {start.error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, start.error)}
          </Alert>
        ) : null}
        <MultiSelect label={t('identity.roles')} description={t('preview.roles.text')} searchable maxValues={20} data={(people.data?.roles ?? []).map(({ name, label }) => ({ value: name, label }))} value={roles} onChange={setRoles} />
        <Select
          label={t('preview.person')}
          description={t('preview.person.text')}
          placeholder={t('preview.person.self')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('field.clear', { field: t('preview.person') }), style: { minWidth: 24, minHeight: 24 } }}
          searchValue={typed}
          onSearchChange={setTyped}
          filter={({ options }) => options}
          data={users.map(({ id, displayName, userName }) => ({ value: id, label: displayName === userName ? displayName : `${displayName} (${userName})` }))}
          value={user}
          onChange={setUser}
        />
        <Button type="submit" size="sm" loading={start.isPending || start.isSuccess} disabled={roles.length === 0 && !user}>
          {t('preview.start')}
        </Button>
      </form>
    </Modal>
  );
}
