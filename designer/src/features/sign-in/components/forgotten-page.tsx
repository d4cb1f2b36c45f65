import { Alert, Anchor, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { EntryCard } from './entry-card';
import styles from './entry.module.css';

/** Where a visitor asks for a link to choose a new password. */
export function ForgottenPage() {
  const t = useTexts();
  const api = useApi();
  const [name, setName] = useState('');
  const ask = useMutation({ mutationFn: () => api.call('POST', '/api/auth/password/forgotten', { body: { name } }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <EntryCard title={t('identity.forgotten')} subtitle={t('identity.forgotten.text')}>
      <form className={styles.form} onSubmit={submit}>
        {ask.isSuccess ? (
          <Alert color="green" variant="light" p="xs" role="status">
            {t('identity.forgotten.sent')}
          </Alert>
        ) : null}
        {ask.error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, ask.error)}
          </Alert>
        ) : null}
        <TextInput label={t('identity.forgotten.name')} autoComplete="username" autoCapitalize="none" required autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" size="sm" fullWidth loading={ask.isPending}>
          {t('identity.forgotten.send')}
        </Button>
        <Anchor href="/" size="sm">
          {t('identity.back')}
        </Anchor>
      </form>
    </EntryCard>
  );
}
