import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import type { AuthenticatorSetup } from '@/api/credentials';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import styles from './credentials.module.css';
import { QrCode } from './qr-code';
import { RecoveryCodes } from './recovery-codes';
import { ShownSecret } from './shown-secret';

interface SetupProps {
  /** The authenticator is set up, and the recovery codes are kept. */
  onDone(): void;
}

function Failure({ error }: { error: Error | null }) {
  const t = useTexts();
  return error ? (
    <Alert color="red" variant="light" p="xs" role="alert">
      {failureText(t, error)}
    </Alert>
  ) : null;
}

/** Sets up an authenticator: the password, the QR code with a first code, and the recovery codes. */
export function AuthenticatorSetupSteps({ onDone }: SetupProps) {
  const t = useTexts();
  const api = useApi();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: async () => (await api.call<AuthenticatorSetup>('POST', '/api/auth/second-factor/authenticator', { body: { password } })).data });
  const confirm = useMutation({ mutationFn: async () => (await api.call<{ codes: string[] }>('POST', '/api/auth/second-factor/authenticator/confirm', { body: { code } })).data.codes });
  const submit = (event: FormEvent, step: { mutate(): void }) => {
    event.preventDefault();
    step.mutate();
  };

  if (confirm.data) return <RecoveryCodes codes={confirm.data} onDone={onDone} />;
  if (!begin.data)
    return (
      <form className={styles.form} onSubmit={(event) => submit(event, begin)}>
        <Failure error={begin.error} />
        <PasswordInput
          label={t('password.current')}
          description={t('identity.confirm.password')}
          autoComplete="current-password"
          required
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={begin.isPending}>
          {t('identity.continue')}
        </Button>
      </form>
    );
  return (
    <form className={styles.form} onSubmit={(event) => submit(event, confirm)}>
      <p className={styles.soft}>{t('identity.authenticator.scan')}</p>
      <QrCode text={begin.data.uri} label={t('identity.authenticator.qr')} />
      <p className={styles.soft}>{t('identity.authenticator.key')}</p>
      <ShownSecret text={begin.data.key.replace(/(.{4})(?=.)/g, '$1 ')} />
      <Failure error={confirm.error} />
      <TextInput
        label={t('identity.code')}
        description={t('identity.code.first')}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" loading={confirm.isPending}>
        {t('identity.authenticator.on')}
      </Button>
    </form>
  );
}
