import { Alert, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { waysInQuery } from '@/api/credentials';
import { failureText } from '@/api/failure-text';
import { signInOptionsQuery, useProvider, type Provider } from '@/api/session';
import { CredentialList } from '@/credentials/credential-list';
import { PasswordDialog } from '@/credentials/password-dialog';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { accountPath } from '@/lib/paths';
import { wrappingButton } from '@/ui/wrapping-button';
import styles from './account.module.css';
import { Section } from './section';

/** Accounts elsewhere that sign in here. Nothing is shown where there is no provider and nothing is linked. */
export function IdentitySection() {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const ways = useQuery(waysInQuery(api));
  const options = useQuery(signInOptionsQuery(api));
  const [linking, setLinking] = useState<Provider | null>(null);
  const link = useProvider();
  const remove = useMutation({
    mutationFn: (id: string) => api.call('DELETE', `/api/auth/identities/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['credentials', 'own'] }),
  });
  const providers = options.data?.providers ?? [];
  const identities = ways.data?.identities;
  if (providers.length === 0 && !identities?.length) return null;
  return (
    <Section title={t('identity.connected')} text={t('identity.connected.text')}>
      {remove.error ? (
        <Alert color="red" variant="light" p="xs" role="alert">
          {failureText(t, remove.error)}
        </Alert>
      ) : null}
      <CredentialList
        label={t('identity.connected')}
        empty={t('identity.connected.none')}
        entries={identities?.map((identity) => ({
          id: identity.id,
          name: identity.name,
          details: [
            new URL(identity.issuer).host,
            t('identity.passkey.since', { at: formatDateTime(identity.createdAt, t.language) }),
            identity.lastUsedAt ? t('identity.used', { at: formatDateTime(identity.lastUsedAt, t.language) }) : t('identity.unused'),
          ],
          action: { label: t('identity.remove'), busy: remove.isPending && remove.variables === identity.id, onClick: () => remove.mutate(identity.id) },
        }))}
      />
      {providers.length > 0 ? (
        <div className={styles.line}>
          {providers.map((provider) => (
            <Button key={provider.key} variant="default" styles={wrappingButton} onClick={() => setLinking(provider)}>
              {t('identity.provider.link', { name: provider.name })}
            </Button>
          ))}
        </div>
      ) : null}
      {linking ? (
        <PasswordDialog
          title={t('identity.provider.link', { name: linking.name })}
          text={t('identity.provider.link.text', { name: linking.name })}
          submit={t('identity.continue')}
          error={link.error}
          busy={link.isPending}
          onSubmit={(password) => link.mutate({ key: linking.key, password, returnTo: accountPath })}
          onClose={() => setLinking(null)}
        />
      ) : null}
    </Section>
  );
}
