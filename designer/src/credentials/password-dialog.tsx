import { Alert, Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { waysInQuery } from '@/api/credentials';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import styles from './credentials.module.css';

interface PasswordDialogProps {
  title: string;
  text: string;
  /** Label of one more field, whose value is asked for too. */
  field?: { label: string; type?: string } | undefined;
  submit: string;
  error: Error | null;
  busy: boolean;
  onSubmit(password: string, value: string): void;
  onClose(): void;
}

/** Asks for the password before something that a stolen session must not do. */
export function PasswordDialog({ title, text, field, submit, error, busy, onSubmit, onClose }: PasswordDialogProps) {
  const t = useTexts();
  const [password, setPassword] = useState('');
  const [value, setValue] = useState('');
  // Who signs in by a provider or a passkey alone has no password to give.
  const hasPassword = useQuery(waysInQuery(useApi())).data?.hasPassword ?? true;
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(password, value);
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={styles.form} onSubmit={send}>
        <p className={styles.soft}>{text}</p>
        {error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, error)}
          </Alert>
        ) : null}
        {field ? <TextInput label={field.label} type={field.type ?? 'text'} required data-autofocus value={value} onChange={(event) => setValue(event.currentTarget.value)} /> : null}
        {hasPassword ? (
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            required
            data-autofocus={field === undefined || undefined}
            visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        ) : null}
        <Button type="submit" size="sm" loading={busy}>
          {submit}
        </Button>
      </form>
    </Modal>
  );
}
