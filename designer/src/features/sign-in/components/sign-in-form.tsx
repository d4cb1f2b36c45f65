import { Alert, Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { ApiError } from '@/api/client';
import { hasPasskeys, isDeclined } from '@/api/credentials';
import { signInOptionsQuery, useSignIn, type SecondStepMethod } from '@/api/session';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { forgottenPath } from '@/lib/paths';
import styles from './entry.module.css';
import { ProviderButtons } from './provider-buttons';
import { SecondStepForm } from './second-step-form';

interface SignInFormProps {
  /** Set where a known person signs in again. */
  userName?: string;
  onSignedIn(password: string): void;
}

function failureOf(t: Texts, error: Error | null): string | null {
  if (!error || isDeclined(error)) return null;
  if (!(error instanceof ApiError)) return t('error.unexpected');
  if (error.code === 'passkey_unknown') return t('identity.passkey.unknown');
  if (error.code === 'sign_in_locked') return t('identity.locked');
  return error.status === 401 ? t('signIn.wrong') : error.status === 0 ? t('error.network') : error.message;
}

/** User name and password, or a passkey; then the second step where there is one. */
export function SignInForm({ userName: known, onSignedIn }: SignInFormProps) {
  const t = useTexts();
  const [methods, setMethods] = useState<SecondStepMethod[] | null>(null);
  const options = useQuery(signInOptionsQuery(useApi()));
  const signIn = useSignIn({ onSignedIn, onSecondStep: setMethods });
  const [userName, setUserName] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [submitted, setSubmitted] = useState(false);
  const missing = (value: string) => (submitted && !value ? t('signIn.required') : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (userName && password) signIn.mutate({ userName, password });
  };
  const failureText = failureOf(t, signIn.error);
  const back = () => {
    signIn.reset();
    setMethods(null);
    setPassword('');
  };
  if (methods) return <SecondStepForm methods={methods} error={signIn.error} busy={signIn.isPending} onProof={(proof) => signIn.mutate(proof)} onBack={back} />;

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
      {hasPasskeys() ? (
        <Button variant="default" size="sm" fullWidth disabled={signIn.isPending} onClick={() => signIn.mutate('passkey')}>
          {t('identity.passkey.use')}
        </Button>
      ) : null}
      <ProviderButtons disabled={signIn.isPending} />
      {options.data?.passwordReset && known === undefined ? (
        <Anchor href={forgottenPath} size="sm">
          {t('identity.forgotten')}
        </Anchor>
      ) : null}
    </form>
  );
}
