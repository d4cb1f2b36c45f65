import { Alert, Button, Modal, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { waysInQuery } from '@/api/credentials';
import { failureText } from '@/api/failure-text';
import { sessionQuery, useChangePassword } from '@/api/session';
import { NewPasswordInput } from '@/credentials/new-password-input';
import { useTexts } from '@/lib/i18n/text';
import { Section } from './section';
import styles from './account.module.css';

function PasswordForm({ onDone }: { onDone(): void }) {
  const t = useTexts();
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [repeat, setRepeat] = useState('');
  const [submitted, setSubmitted] = useState(false);
  const hasPassword = useQuery(waysInQuery(useApi())).data?.hasPassword ?? true;
  const userName = useQuery(sessionQuery(useApi())).data?.user?.userName ?? '';
  const differs = repeat !== next;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (!differs) change.mutate({ current, next }, { onSuccess: onDone });
  };
  const toggle = { 'aria-label': t('password.show') };
  return (
    <form className={styles.section} onSubmit={submit}>
      {change.error ? (
        <Alert color="red" variant="light" p="xs" role="alert">
          {failureText(t, change.error)}
        </Alert>
      ) : null}
      {hasPassword ? (
        <PasswordInput label={t('password.current')} autoComplete="current-password" required data-autofocus visibilityToggleButtonProps={toggle} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />
      ) : null}
      <NewPasswordInput required userName={userName} value={next} onChange={setNext} />
      <PasswordInput
        label={t('password.repeat')}
        autoComplete="new-password"
        required
        visibilityToggleButtonProps={toggle}
        value={repeat}
        error={submitted && differs ? t('password.differs') : undefined}
        onChange={(event) => setRepeat(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" loading={change.isPending}>
        {t('password.submit')}
      </Button>
    </form>
  );
}

/** The password, and how to change it. */
export function PasswordSection() {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    notifications.show({ message: t('identity.password.changed'), color: 'green' });
  };
  return (
    <Section title={t('signIn.password')} text={t('identity.password.text')}>
      <div className={styles.line}>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('password.submit')}
        </Button>
      </div>
      {open ? (
        <Modal opened onClose={() => setOpen(false)} title={t('password.submit')} closeButtonProps={{ 'aria-label': t('common.close') }}>
          <PasswordForm onDone={done} />
        </Modal>
      ) : null}
    </Section>
  );
}
