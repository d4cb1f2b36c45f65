import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { addPasskey, hasPasskeys, isDeclined, passkeysQuery } from '@/api/credentials';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { CredentialList } from '@/credentials/credential-list';
import { PasswordDialog } from '@/credentials/password-dialog';
import styles from './account.module.css';
import { Section } from './section';

/** Passkeys: signing in with a finger, a face or the PIN of a device. */
export function PasskeySection() {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const query = passkeysQuery(api);
  const passkeys = useQuery(query);
  const [open, setOpen] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ['credentials', 'own'] });
  const add = useMutation({
    mutationFn: ({ name, password }: { name: string; password: string }) => addPasskey(api, name, password),
    onSuccess: () => {
      setOpen(false);
      return refresh();
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => api.call('DELETE', `/api/auth/passkeys/${id}`), onSettled: refresh });
  return (
    <Section title={t('identity.passkeys')} text={t('identity.passkeys.text')}>
      <CredentialList
        label={t('identity.passkeys')}
        empty={t('identity.passkeys.none')}
        entries={passkeys.data?.map((passkey) => ({
          id: passkey.id,
          name: passkey.name,
          details: [
            t('identity.passkey.since', { at: formatDateTime(passkey.createdAt, t.language) }),
            passkey.lastUsedAt ? t('identity.used', { at: formatDateTime(passkey.lastUsedAt, t.language) }) : t('identity.unused'),
          ],
          action: { label: t('identity.remove'), busy: remove.isPending && remove.variables === passkey.id, onClick: () => remove.mutate(passkey.id) },
        }))}
      />
      {hasPasskeys() ? (
        <div className={styles.line}>
          <Button variant="default" onClick={() => setOpen(true)}>
            {t('identity.passkey.add')}
          </Button>
        </div>
      ) : null}
      {open ? (
        <PasswordDialog
          title={t('identity.passkey.add')}
          text={t('identity.passkey.add.text')}
          field={{ label: t('identity.name') }}
          submit={t('identity.continue')}
          error={isDeclined(add.error) ? new Error(t('identity.passkey.declined')) : add.error}
          busy={add.isPending}
          onSubmit={(password, name) => add.mutate({ name, password })}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </Section>
  );
}
