import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError } from '@/api/client';
import { useSignIn } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import styles from './entry.module.css';

interface SignInFormProps {
  /** Set where a known person signs in again. */
  userName?: string;
  onSignedIn(password: string): void;
}

/** User name and password. */
export function SignInForm({ userName: known, onSignedIn }: SignInFormProps) {
  const t = useTexts();
  const signIn = useSignIn(onSignedIn);
  const [userName, setUserName] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [submitted, setSubmitted] = useState(false);
  const missing = (value: string) => (submitted && !value ? t('signIn.required') : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (userName && password) signIn.mutate({ userName, password });
  };
  const failure = signIn.error instanceof ApiError ? signIn.error : null;
  const failureText = failure && (failure.status === 401 ? t('signIn.wrong') : failure.status === 0 ? t('error.network') : failure.message);

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {failureText ? (
        <Alert color="red" variant="light" p="xs" role="alert">
          {failureText}
        </Alert>
      ) : null}
      <TextInput
        name="username"
        label={t('signIn.userName')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        readOnly={known !== undefined}
        data-autofocus={known === undefined || undefined}
        autoFocus={known === undefined}
        value={userName}
        error={missing(userName)}
        onChange={(event) => setUserName(event.currentTarget.value)}
      />
      <PasswordInput
        name="password"
        label={t('signIn.password')}
        autoComplete="current-password"
        autoFocus={known !== undefined}
        data-autofocus={known !== undefined || undefined}
        value={password}
        error={missing(password)}
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" fullWidth mt={4} loading={signIn.isPending}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
