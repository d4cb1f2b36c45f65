import { Alert, Button, Modal, MultiSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { ShownSecret } from '@/credentials/shown-secret';
import { addUser, type NewUser, type UserList } from '../api/users';
import styles from './users.module.css';

const nobody: NewUser = { isService: false, email: '', userName: '', displayName: '', roles: [] };

/** Invites somebody, or makes a service account. */
export function NewUserDialog({ roles, onClose }: { roles: UserList['roles']; onClose(): void }) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState(nobody);
  const change = (part: Partial<NewUser>) => setWanted({ ...wanted, ...part });
  const add = useMutation({
    mutationFn: () => addUser(api, wanted),
    onSuccess: async (link) => {
      await queries.invalidateQueries({ queryKey: ['administration', 'users'] });
      if (!link) onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t('identity.user.new')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {add.data ? (
        <div className={styles.form}>
          <ShownSecret text={add.data} note={t('identity.user.invited')} />
          <Button size="sm" onClick={onClose}>
            {t('identity.done')}
          </Button>
        </div>
      ) : (
        <form className={styles.form} onSubmit={submit}>
          {add.error ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {failureText(t, add.error)}
            </Alert>
          ) : null}
          <SegmentedControl
            aria-label={t('identity.user.kind')}
            data={[
              { value: 'person', label: t('identity.user.person') },
              { value: 'service', label: t('identity.user.service') },
            ]}
            value={wanted.isService ? 'service' : 'person'}
            onChange={(kind) => change({ isService: kind === 'service' })}
          />
          {wanted.isService ? (
            <TextInput label={t('signIn.userName')} description={t('identity.user.service.text')} required autoCapitalize="none" value={wanted.userName} onChange={(event) => change({ userName: event.currentTarget.value })} />
          ) : (
            <TextInput label={t('identity.email')} description={t('identity.user.person.text')} type="email" required data-autofocus value={wanted.email} onChange={(event) => change({ email: event.currentTarget.value })} />
          )}
          <TextInput label={t('identity.name')} value={wanted.displayName} onChange={(event) => change({ displayName: event.currentTarget.value })} />
          <MultiSelect label={t('identity.roles')} searchable data={roles.map(({ name, label }) => ({ value: name, label }))} value={wanted.roles} onChange={(chosen) => change({ roles: chosen })} />
          <Button type="submit" size="sm" loading={add.isPending}>
            {t(wanted.isService ? 'identity.user.add' : 'identity.user.invite')}
          </Button>
        </form>
      )}
    </Modal>
  );
}
