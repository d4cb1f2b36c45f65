import { Alert, Anchor, Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError } from '@/api/client';
import type { SecondStepMethod, SignInProof } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import styles from './entry.module.css';

interface SecondStepFormProps {
  methods: SecondStepMethod[];
  error: Error | null;
  busy: boolean;
  onProof(proof: SignInProof): void;
  /** Back to the name and the password. */
  onBack(): void;
}

/** The second step of a sign-in: a code of the authenticator, a recovery code or a passkey. */
export function SecondStepForm({ methods, error, busy, onProof, onBack }: SecondStepFormProps) {
  const t = useTexts();
  const [code, setCode] = useState('');
  const [byRecovery, setByRecovery] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onProof(byRecovery ? { recoveryCode: code } : { value: code });
  };
  const toggle = () => {
    setCode('');
    setByRecovery(!byRecovery);
  };
  const expired = error instanceof ApiError && error.code === 'second_step_expired';
  const text = error && (error instanceof ApiError ? t(error.status === 0 ? 'error.network' : error.status === 429 ? 'identity.locked' : expired ? 'identity.step.expired' : 'identity.code.wrong') : t('identity.passkey.declined'));
  return (
    <form className={styles.form} onSubmit={submit}>
      {text ? (
        <Alert color="red" variant="light" p="xs" role="alert">
          {text}
        </Alert>
      ) : null}
      {methods.includes('code') ? (
        <>
          <TextInput
            key={String(byRecovery)}
            label={t(byRecovery ? 'identity.recovery.code' : 'identity.code')}
            description={t(byRecovery ? 'identity.recovery.code.text' : 'identity.code.text')}
            inputMode={byRecovery ? 'text' : 'numeric'}
            autoComplete={byRecovery ? 'off' : 'one-time-code'}
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" fullWidth loading={busy}>
            {t('identity.continue')}
          </Button>
          <Anchor component="button" type="button" size="sm" ta="start" onClick={toggle}>
            {t(byRecovery ? 'identity.code.use' : 'identity.recovery.use')}
          </Anchor>
        </>
      ) : (
        <p className={styles.note}>{t('identity.step.passkey')}</p>
      )}
      {methods.includes('passkey') ? (
        <Button variant="default" size="sm" fullWidth onClick={() => onProof('passkey')}>
          {t('identity.passkey.use')}
        </Button>
      ) : null}
      <Anchor component="button" type="button" size="sm" ta="start" onClick={onBack}>
        {t('identity.back')}
      </Anchor>
    </form>
  );
}
