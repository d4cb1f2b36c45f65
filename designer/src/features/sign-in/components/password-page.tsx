import { Alert, Button, PasswordInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { sessionQuery, useChangePassword } from '@/api/session';
import { NewPasswordInput } from '@/credentials/new-password-input';
import { shortestPassword } from '@/credentials/password-strength';
import { useTexts } from '@/lib/i18n/text';
import { EntryCard } from './entry-card';
import styles from './entry.module.css';

/** Where a one-time password is replaced; nothing else can be done before. */
export function PasswordPage({ current: known }: { current: string }) {
  const t = useTexts();
  const change = useChangePassword();
  const [current, setCurrent] = useState(known);
  const [next, setNext] = useState('');
  const [repeat, setRepeat] = useState('');
  const [submitted, setSubmitted] = useState(false);

  const userName = useQuery(sessionQuery(useApi())).data?.user?.userName ?? '';
  const nextError = next.length < shortestPassword ? t('password.short') : next === current ? t('password.same') : undefined;
  const repeatError = repeat === next ? undefined : t('password.differs');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (!nextError && !repeatError) change.mutate({ current, next });
  };
  const toggle = { 'aria-label': t('password.show') };

  return (
    <EntryCard title={t('password.title')} subtitle={t('password.subtitle')}>
      <form className={styles.form} onSubmit={submit} noValidate>
        {change.error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {change.error.message}
          </Alert>
        ) : null}
        {known ? null : (
          <PasswordInput
            name="current"
            label={t('password.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <NewPasswordInput autoFocus userName={userName} value={next} error={submitted ? nextError : undefined} onChange={setNext} />
        <PasswordInput
          name="repeat"
          label={t('password.repeat')}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={repeat}
          error={submitted ? repeatError : undefined}
          onChange={(event) => setRepeat(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" fullWidth mt={4} loading={change.isPending}>
          {t('password.submit')}
        </Button>
      </form>
    </EntryCard>
  );
}
